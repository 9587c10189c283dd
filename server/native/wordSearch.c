/*
 * Which of a set of words occur in a text: one pass over the bytes, whatever the number of words.
 *
 * Every word has a fingerprint, three of its bytes that are rare in source code, and belongs to one of eight buckets. For
 * each of the three bytes two tables of sixteen entries, one per half byte, say in which buckets such a byte may stand at
 * that place; sixteen positions are looked up at once. Only where all three agree are the words of the bucket compared.
 *
 * Build: node scripts/build-word-search.mjs
 */
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned int u32;

enum { most_words = 128, word_bytes = 4096, text_capacity = 1 << 20, margin = 64 };

static u8 low_tables[3][16];
static u8 high_tables[3][16];
static u8 bytes_of_words[word_bytes];
static u32 word_start[most_words];
static u32 word_length[most_words];
static u32 fingerprint_at[most_words];
/* The words of bucket b are bucket_words[bucket_start[b]] up to bucket_start[b + 1]. */
static u32 bucket_start[9];
static u32 bucket_words[most_words];
static u32 found[most_words / 32];
static u8 text[margin + text_capacity + margin];

#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(lowTables) u8 *export_low(void) { return &low_tables[0][0]; }
EXPORT(highTables) u8 *export_high(void) { return &high_tables[0][0]; }
EXPORT(bytesOfWords) u8 *export_bytes(void) { return bytes_of_words; }
EXPORT(wordStart) u32 *export_start(void) { return word_start; }
EXPORT(wordLength) u32 *export_length(void) { return word_length; }
EXPORT(fingerprintAt) u32 *export_fingerprint(void) { return fingerprint_at; }
EXPORT(bucketStart) u32 *export_bucket_start(void) { return bucket_start; }
EXPORT(bucketWords) u32 *export_bucket_words(void) { return bucket_words; }
EXPORT(found) u32 *export_found(void) { return found; }
EXPORT(text) u8 *export_text(void) { return text + margin; }
EXPORT(capacity) u32 export_capacity(void) { return text_capacity; }

static void compare(const u8 *begin, u32 length, u32 position, u32 buckets) {
  while (buckets != 0) {
    u32 bucket = (u32)__builtin_ctz(buckets);
    buckets &= buckets - 1;
    for (u32 index = bucket_start[bucket]; index < bucket_start[bucket + 1]; index++) {
      u32 word = bucket_words[index];
      if (found[word >> 5] & (1u << (word & 31))) continue;
      if (position < fingerprint_at[word]) continue;
      u32 start = position - fingerprint_at[word];
      u32 size = word_length[word];
      if (start + size > length) continue;
      const u8 *expected = bytes_of_words + word_start[word];
      const u8 *actual = begin + start;
      u32 at = 0;
      while (at < size && expected[at] == actual[at]) at++;
      if (at == size) found[word >> 5] |= 1u << (word & 31);
    }
  }
}

/* Looks through the first `length` bytes of the text; sets the bits of the words that occur in `found`. */
EXPORT(search) void search(u32 length) {
  const u8 *begin = text + margin;
  for (u32 index = 0; index < most_words / 32; index++) found[index] = 0;
  /* What stands behind the text from an earlier, longer one is no part of it: positions are checked against `length`. */
  v128_t low[3], high[3];
  for (int place = 0; place < 3; place++) {
    low[place] = wasm_v128_load(low_tables[place]);
    high[place] = wasm_v128_load(high_tables[place]);
  }
  const v128_t half = wasm_i8x16_splat(0x0f);
  for (u32 at = 0; at < length; at += 16) {
    v128_t hits = wasm_i8x16_splat(-1);
    for (int place = 0; place < 3; place++) {
      v128_t bytes = wasm_v128_load(begin + at + place);
      v128_t by_low = wasm_i8x16_swizzle(low[place], wasm_v128_and(bytes, half));
      v128_t by_high = wasm_i8x16_swizzle(high[place], wasm_u8x16_shr(bytes, 4));
      hits = wasm_v128_and(hits, wasm_v128_and(by_low, by_high));
    }
    if (!wasm_v128_any_true(hits)) continue;
    u8 lanes[16];
    wasm_v128_store(lanes, hits);
    u32 positions = wasm_i8x16_bitmask(wasm_i8x16_ne(hits, wasm_i8x16_splat(0)));
    while (positions != 0) {
      u32 lane = (u32)__builtin_ctz(positions);
      positions &= positions - 1;
      if (at + lane < length) compare(begin, length, at + lane, lanes[lane]);
    }
  }
}
