import { Uri } from "vscode";
import { sessionPath } from "../protocol/sessionTitle";
import { documentName } from "./shownText";

/** A page of ours about a session. `key` is the project's: two folders may have sessions of one name. */
export function sessionUri(scheme: string, session: string, key: string, ending = ""): Uri {
  const path = `/${sessionPath(session).map(documentName).join("/")}${ending}`;
  return Uri.from({ scheme, path, query: key, fragment: session });
}
