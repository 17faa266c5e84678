import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import type { SensedState } from "../../src/core/sense/terminalFacts";
import { SessionSensor } from "../../src/core/session/sessionSensor";
import { ShellSession } from "../../src/core/session/shellSession";
import { silentLogger, systemClock } from "./systemClock";
import { until } from "./until";

/** A state that was told, and when, in milliseconds since the last mark. */
export interface ToldState {
  readonly ms: number;
  readonly state: SensedState | undefined;
}

/** A state and its kind, as tests read them. */
export function said(state: Pick<SensedState, "state" | "kind"> | undefined): string {
  if (state === undefined) return "-";
  return state.kind === undefined ? state.state : `${state.state}(${state.kind})`;
}

/** A session that is there, with its stream and the sensor that whoever drives it has. */
export class SensedTerminal {
  readonly session: ShellSession;
  readonly sensor: SessionSensor;
  /** The program that is known to run there. */
  started: string | undefined;
  #told: ToldState[] = [];
  #since = performance.now();

  private constructor(
    readonly server: WshServer,
    readonly wire: string,
    { rows, cols }: { readonly rows: number; readonly cols: number },
  ) {
    this.session = new ShellSession(server, systemClock, { name: wire, wire, key: "", rows, cols });
    const runs = (): { started?: string } => (this.started === undefined ? {} : { started: this.started });
    const world = { server, clock: systemClock, logger: silentLogger, catalog: shippedCatalog };
    this.sensor = new SessionSensor(this.session, runs, world);
    this.session.onActivity(() => this.sensor.activity());
    this.sensor.onChange(() =>
      this.#told.push({ ms: Math.round(performance.now() - this.#since), state: this.sensor.state }),
    );
  }

  static async open(server: WshServer, wire: string, size: { rows: number; cols: number }): Promise<SensedTerminal> {
    const terminal = new SensedTerminal(server, wire, size);
    await terminal.session.open();
    return terminal;
  }

  get told(): readonly ToldState[] {
    return this.#told;
  }

  /** What is told from now on. */
  mark(): void {
    this.#told = [];
    this.#since = performance.now();
  }

  says(state: string, ms?: number): Promise<true> {
    return until(
      () => `${state}, but ${said(this.sensor.state)}`,
      () => said(this.sensor.state) === state,
      ms,
    );
  }

  dispose(): void {
    this.sensor.dispose();
    this.session.dispose();
  }
}
