// Python text that looks like an application's: small functions and classes with docstrings, drawn from a seeded generator, so that the
// same seed always gives the same bytes.

/** A generator of numbers in [0, 1), the same sequence for the same seed (mulberry32). */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = (random, list) => list[Math.floor(random() * list.length)];

const nouns =
  'account address batch basket booking carrier cart catalogue channel claim contract coupon customer delivery device document entry event export fixture forecast invoice item ledger location message notice offer order parcel payment period plan price product profile quota quote receipt record refund region report request reservation role route schedule segment session shipment stock subscription supplier tariff task ticket token tracker transfer user vendor voucher warehouse'.split(
    ' ',
  );
const verbs =
  'apply archive build calculate cancel check close collect compare confirm convert count create deliver describe expire export extract filter find flag format group import join list load lock mark match merge move normalise notify parse prepare publish read rebuild reconcile refresh register reject release render replace resolve restore retry round schedule send sort split store summarise sync update validate verify write'.split(
    ' ',
  );
const adjectives =
  'active archived blocked cached cheap closed current daily draft empty expired final hidden initial late local locked manual minimal monthly next old open optional paid partial pending primary private public recent remote rolling shared stale total unpaid valid weekly'.split(
    ' ',
  );
const modules =
  'collections contextlib dataclasses datetime decimal enum functools itertools json logging math os pathlib re time typing uuid'.split(
    ' ',
  );

export const capitalised = (word) => word[0].toUpperCase() + word.slice(1);

/** Words for one function or class. */
export function names(random) {
  const noun = pick(random, nouns);
  return {
    noun,
    other: pick(random, nouns),
    verb: pick(random, verbs),
    adjective: pick(random, adjectives),
    number: 1 + Math.floor(random() * 900),
  };
}

/** Bodies of functions; each takes the words to use and the indentation in front of every line. */
const functionShapes = [
  ({ noun, other, verb, adjective, number }) => [
    `def ${verb}_${adjective}_${noun}s(${noun}s, limit=${number}):`,
    `    """Return the ${adjective} ${noun}s that ${verb} against their ${other}, at most limit."""`,
    `    chosen = []`,
    `    for ${noun} in ${noun}s:`,
    `        if ${noun}.${other} is None or ${noun}.is_${adjective}:`,
    `            continue`,
    `        chosen.append(${noun})`,
    `        if len(chosen) >= limit:`,
    `            break`,
    `    return chosen`,
  ],
  ({ noun, other, verb, number }) => [
    `def ${verb}_${noun}(${noun}_id: int, *, ${other}: str = "${other}", retries: int = 3) -> dict:`,
    `    """${capitalised(verb)} one ${noun} by its id.`,
    ``,
    `    The ${other} decides which of the two paths is taken.`,
    `    """`,
    `    for attempt in range(retries):`,
    `        try:`,
    `            payload = {"id": ${noun}_id, "${other}": ${other}, "attempt": attempt}`,
    `            logger.info("${verb} ${noun} %s after %d", ${noun}_id, attempt)`,
    `            return payload`,
    `        except ValueError as error:`,
    `            logger.warning("${noun} %s failed: %s", ${noun}_id, error)`,
    `            time.sleep(${number} / 1000)`,
    `    raise RuntimeError(f"{${noun}_id} could not ${verb}")`,
  ],
  ({ noun, other, adjective, number }) => [
    `def ${adjective}_${noun}_${other}(values):`,
    `    # ${capitalised(other)}s above ${number} are cut: they come from imports that ran twice.`,
    `    total = sum(min(value, ${number}) for value in values if value is not None)`,
    `    return round(total / max(len(values), 1), 2)`,
  ],
  ({ noun, other, verb, adjective }) => [
    `async def ${verb}_${noun}_${other}(client, ${noun}, *, ${adjective}=False):`,
    `    response = await client.get(f"/${noun}s/{${noun}.id}/${other}", params={"${adjective}": ${adjective}})`,
    `    if response.status_code == 404:`,
    `        return None`,
    `    response.raise_for_status()`,
    `    return {key: value for key, value in response.json().items() if not key.startswith("_")}`,
  ],
  ({ noun, other, verb, number }) => [
    `def ${verb}_${noun}_rows(rows, *, separator=";", width=${number}):`,
    `    """Format rows as text, one ${noun} per line, ${other}s last."""`,
    `    lines = [separator.join(str(row.get(column, "")) for column in ("id", "${noun}", "${other}")) for row in rows]`,
    `    return "\\n".join(line[:width].ljust(width) for line in sorted(lines, key=str.lower))`,
  ],
  ({ noun, other, adjective, number }) => [
    `def is_${adjective}_${noun}(${noun}):`,
    `    if not ${noun}:`,
    `        return False`,
    `    return ${noun}.${other}_count > ${number} and not (${noun}.flags & 0x${number.toString(16)})`,
  ],
];

const classShapes = [
  ({ noun, other, adjective, number }) => [
    `@dataclass(frozen=True)`,
    `class ${capitalised(adjective)}${capitalised(noun)}:`,
    `    """A ${noun} as the ${other} service sees it."""`,
    ``,
    `    id: int`,
    `    ${other}: str`,
    `    quantity: int = ${number}`,
    `    tags: tuple[str, ...] = ()`,
    ``,
    `    def with_${other}(self, ${other}: str) -> "${capitalised(adjective)}${capitalised(noun)}":`,
    `        return replace(self, ${other}=${other}.strip().lower())`,
    ``,
    `    @property`,
    `    def label(self) -> str:`,
    `        return f"{self.id}:{self.${other}} ({self.quantity})"`,
  ],
  ({ noun, other, verb, number }) => [
    `class ${capitalised(noun)}${capitalised(verb)}Error(Exception):`,
    `    """Raised when a ${noun} cannot ${verb}; carries the ${other} for the log."""`,
    ``,
    `    def __init__(self, ${other}, code=${number}):`,
    `        super().__init__(f"{${other}} failed with {code}")`,
    `        self.${other} = ${other}`,
    `        self.code = code`,
  ],
  ({ noun, other, verb, adjective, number }) => [
    `class ${capitalised(noun)}Repository:`,
    `    def __init__(self, session, page_size=${number}):`,
    `        self.session = session`,
    `        self.page_size = page_size`,
    `        self._${adjective} = {}`,
    ``,
    `    def ${verb}(self, ${noun}_id):`,
    `        """Return the ${noun}, from the cache where it is ${adjective}."""`,
    `        if ${noun}_id in self._${adjective}:`,
    `            return self._${adjective}[${noun}_id]`,
    `        ${noun} = self.session.get(${capitalised(noun)}, ${noun}_id)`,
    `        if ${noun} is not None and ${noun}.${other}:`,
    `            self._${adjective}[${noun}_id] = ${noun}`,
    `        return ${noun}`,
    ``,
    `    def page(self, number):`,
    `        start = number * self.page_size`,
    `        return list(self._${adjective}.values())[start : start + self.page_size]`,
  ],
];

/** Lines of one small function. */
export function pythonFunction(random) {
  return pick(random, functionShapes)(names(random));
}

/** Lines of one function or, one time in five, a class. */
export function pythonBlock(random) {
  return random() < 0.2 ? pick(random, classShapes)(names(random)) : pythonFunction(random);
}

/** Docstring, imports and constants that a module begins with; `imports` are lines of its own after the standard ones. */
export function pythonHead(random, imports = []) {
  const { noun, other, verb, number } = names(random);
  const standard = [
    ...new Set([pick(random, modules), pick(random, modules), pick(random, modules), 'logging', 'time']),
  ];
  return [
    `"""${capitalised(verb)} ${noun}s and their ${other}s."""`,
    ``,
    ...standard.sort().map((module) => `import ${module}`),
    `from dataclasses import dataclass, replace`,
    ...imports,
    ``,
    `logger = logging.getLogger(__name__)`,
    `${noun.toUpperCase()}_LIMIT = ${number}`,
  ];
}
