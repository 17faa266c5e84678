import * as z from "zod/mini";
import { stateVersion } from "../../core/model/storedState";

/** The first line of a checkpoint. It is a file of its own, because most records have none. */
export const cursorSchema = z.object({
  schema: z.literal(1),
  state_version: z.literal(stateVersion),
  segment: z.int().check(z.gte(1)),
  offset: z.int().check(z.gte(0)),
  /** CRC-32 of the up to 4,096 bytes before the offset. */
  crc: z.string(),
  /** Bytes in the segments before this one; they are over and do not change. */
  before: z.int().check(z.gte(0)),
  newest_id: z.string(),
  /** CRC-32 of the second line. */
  state_crc: z.string(),
});
