// The wire types, by the names that the rest of the client uses.
import type { Do } from "./types.gen.ts";

export type {
  ChoiceView,
  Devices,
  Do,
  FactsMessage,
  FactsOut,
  FloorView,
  ItemView,
  MeetingView,
  MineView,
  PhaseView,
  Pong,
  ProposalsView,
  Received,
  RoundView,
  SeatView,
  Sent,
  SlotView,
  TableView,
  View,
  Welcome,
} from "./types.gen.ts";

export const SUBPROTOCOL = "kring.1";
/** Every command that a device may send. */
export type Command = Do["command"];
/** Sealed contents by content id. */
export type Bodies = { readonly [id: string]: string };
/** The fields of a written contribution, as typed. */
export type Fields = { readonly [field: string]: string | number };
