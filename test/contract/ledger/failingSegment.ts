import { type OpenSegment, type SegmentFile, openForAppend } from "../../../src/adapters/ledger/segments";

export type SegmentCall = "open" | "read" | "write" | "stat" | "datasync";

/**
 * Decides about each call before it is made: throws, or answers a write with a smaller count of bytes to let through.
 */
export type Fault = (call: SegmentCall, bytes?: number) => number | undefined | Promise<number | undefined>;

/** Real files that fail when the fault says so. */
export function failingSegments(fault: Fault): OpenSegment {
  return async (path) => {
    await fault("open");
    const file = await openForAppend(path);
    return {
      read: async (...args: unknown[]) => {
        await fault("read");
        return (file.read as (...args: unknown[]) => unknown)(...args);
      },
      write: async (data: Buffer, offset: number, length: number) => {
        const most = await fault("write", length);
        return file.write(data, offset, Math.min(length, most ?? length), null);
      },
      stat: async () => {
        await fault("stat");
        return file.stat();
      },
      datasync: async () => {
        await fault("datasync");
        return file.datasync();
      },
      close: () => file.close(),
    } as unknown as SegmentFile;
  };
}
