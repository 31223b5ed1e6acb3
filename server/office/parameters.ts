import type { Parameters } from '../../shared/domain/tickets.ts';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { readParameters } from '../store/parameters.ts';
import { parameter } from '../store/schema.ts';
import { planRetime, type Retimed, retime } from './retime.ts';
import { carryOut, type OfficeDeps, publicChange } from './work.ts';

type Change = OperationInput<'parameters.set'>['change'];

const changed = (was: Parameters, change: Change): Parameters => ({
  ...was,
  ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
});

export function previewParameters(
  deps: OfficeDeps,
  { change }: OperationInput<'parameters.preview'>,
): Promise<OperationOutput<'parameters.preview'>> {
  return deps.store.snapshot(async (tx) => {
    const was = await readParameters(tx);
    const now = deps.clock.now();
    const { open, moves } = await planRetime(tx, was.ticketTtl, changed(was, change).ticketTtl, now);
    return { open, retimed: moves.length, releasedAtOnce: moves.filter((m) => m.dueAt !== null && m.dueAt <= now).length };
  });
}

export function setParameters(
  deps: OfficeDeps,
  by: Holder,
  { change, applyToOpen }: OperationInput<'parameters.set'>,
): Promise<OperationOutput<'parameters.set'>> {
  return carryOut(deps, 'parameters.set', by, {}, async (w) => {
    const was = await readParameters(w.tx, 'update');
    const parameters = changed(was, change);
    await w.tx.update(parameter).set({ value: parameters });
    let moves: readonly Retimed[] = [];
    if (applyToOpen) moves = await retime(deps, w, was.ticketTtl, parameters.ticketTtl);
    w.changed.push(publicChange('parameters', 'parameters'));
    const names = (Object.keys(parameters) as (keyof Parameters)[]).filter((key) => parameters[key] !== was[key]);
    const detail = names.map((key) => `${key}: ${String(was[key])} → ${String(parameters[key])}`).join(', ');
    return {
      value: { parameters, retimed: moves.length },
      detail: `${detail}${applyToOpen ? `; retimed=${moves.length}` : ''}`,
    };
  });
}
