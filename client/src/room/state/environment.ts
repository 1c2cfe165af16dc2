// What the room's state needs of the browser; tests give their own.

import { SUBPROTOCOL } from "../../protocol/index.ts";
import { getTicket, meetingMethod } from "../../transport/api.ts";
import type { SocketLike } from "../../transport/connection.ts";
import { localStore, type Store, sessionStore } from "../../transport/storage.ts";

export interface Environment {
  local: Store;
  session: Store;
  /** Whether the browser encrypts: it does so on secure pages only. */
  secure: boolean;
  socket(path: string): SocketLike;
  ticket: typeof getTicket;
  method: typeof meetingMethod;
  /** Takes the key out of the address bar. */
  hideKey(): void;
  reload(): void;
}

export function browser(): Environment {
  return {
    local: localStore,
    session: sessionStore,
    secure: globalThis.crypto?.subtle !== undefined,
    socket: (path) => new WebSocket(new URL(path, location.href.replace(/^http/, "ws")), SUBPROTOCOL),
    ticket: getTicket,
    method: meetingMethod,
    hideKey: () => {
      if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
    },
    reload: () => location.reload(),
  };
}
