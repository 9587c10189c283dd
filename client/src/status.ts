/** The status bar item: the tightest database and its budget. */
import * as vscode from 'vscode';
import type { DatabaseStatus, FleetStatus } from './protocol.ts';

/** What the item shows, apart from how. */
export interface StatusView {
  readonly visible: boolean;
  readonly text: string;
  readonly over: boolean;
  /** What a screen reader says. */
  readonly label: string;
}

/** A total with an unknown part shows the known part: a database can be over by that alone. */
function shortTotal({ total, atLeast }: DatabaseStatus): string {
  if (total === 'unbounded') return '∞';
  return total === null ? (atLeast > 0 ? `≥${atLeast}` : '?') : String(total);
}

function spokenTotal({ total, atLeast }: DatabaseStatus): string {
  if (total === 'unbounded') return 'an unlimited number of';
  return total === null ? (atLeast > 0 ? `at least ${atLeast}` : 'an unknown number of') : String(total);
}

function spoken(database: DatabaseStatus): string {
  const budget = database.budget === null ? 'an unknown budget' : String(database.budget);
  return `Poolproof: ${database.name}, ${spokenTotal(database)} connections of ${budget}${database.over ? ', over budget' : ''}`;
}

export function viewOf(status: FleetStatus | undefined): StatusView {
  if (!status || status.pools === 0) return { visible: false, text: '', over: false, label: '' };
  const tightest = status.tightest === null ? undefined : status.databases[status.tightest];
  if (!tightest) {
    const pools = status.pools === 1 ? '1 pool' : `${status.pools} pools`;
    return {
      visible: true,
      text: `$(database) ${pools}`,
      over: false,
      label: `Poolproof: ${pools}, no fleet budget known`,
    };
  }
  return {
    visible: true,
    text: `$(database) ${tightest.name} ${shortTotal(tightest)}/${tightest.budget ?? '?'}`,
    over: tightest.over,
    label: spoken(tightest),
  };
}

export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('poolproof.fleet', vscode.StatusBarAlignment.Right, 90);
  #status: FleetStatus | undefined;

  constructor() {
    this.#item.name = 'Poolproof: Fleet Budget';
    this.#item.command = 'poolproof.showFleetBudget';
  }

  get status(): FleetStatus | undefined {
    return this.#status;
  }

  show(status: FleetStatus | undefined): void {
    this.#status = status;
    const view = viewOf(status);
    if (!status || !view.visible) {
      this.#item.hide();
      return;
    }
    this.#item.text = view.text;
    const tooltip = new vscode.MarkdownString(status.tooltip, true);
    tooltip.isTrusted = { enabledCommands: ['poolproof.createTopologyFile', 'poolproof.showFleetBudget'] };
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: view.label };
    this.#item.backgroundColor = view.over ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
