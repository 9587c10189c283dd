/** Which calls of a function are made whenever it runs. */
import { type CallStep, type Step, stepsIn } from '../declarations/lifecycle.ts';

/** True where nothing decides whether the call is made, and nothing leaves the function before it. */
export function runsAlways(steps: readonly Step[], call: CallStep): boolean {
  for (const step of steps) {
    if (step === call) return true;
    if (step.kind === 'scope' || step.kind === 'try') {
      if (contains(step.body, call)) return runsAlways(step.body, call);
    } else if (step.kind === 'branch' || step.kind === 'loop') {
      for (const each of stepsIn([step])) if (each === call || each.kind === 'leave') return false;
    }
  }
  return false;
}

function contains(steps: readonly Step[], call: CallStep): boolean {
  for (const each of stepsIn(steps)) if (each === call) return true;
  return false;
}
