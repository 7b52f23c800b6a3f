package io.usagestream.source.http;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip (RFC 1952) decoded piece by piece into a {@link Body}, which may refuse at any point. The library decoders inflate a whole
 * network buffer before anyone can count.
 */
final class Gunzip {
    private static final int CHUNK = 16 * 1024;
    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    private static final int MAX_HEADER = 64 * 1024;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private enum Stage {
        HEADER,
        DATA,
        TRAILER,
        END
    }

    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final byte[] chunk = new byte[CHUNK];
    private Stage stage = Stage.HEADER;

    /** Takes compressed bytes and appends what they say. */
    Body.Outcome feed(byte[] piece, Body body) {
        if (stage == Stage.HEADER) {
            pending.writeBytes(piece);
            byte[] header = pending.toByteArray();
            int end = headerEnd(header);
            if (end < 0 || header.length > MAX_HEADER && end == 0) {
                return corrupt();
            }
            if (end == 0) {
                return Body.Outcome.GOOD;
            }
            pending.reset();
            stage = Stage.DATA;
            return data(header, end, body);
        }
        return stage == Stage.DATA ? data(piece, 0, body) : trailer(piece, 0);
    }

    /** Whether the stream came to its end, with the right check sum. */
    boolean atEnd() {
        return stage == Stage.END;
    }

    void close() {
        inflater.end();
    }

    private Body.Outcome data(byte[] piece, int from, Body body) {
        inflater.setInput(piece, from, piece.length - from);
        try {
            while (true) {
                int length = inflater.inflate(chunk);
                if (length > 0) {
                    crc.update(chunk, 0, length);
                    Body.Outcome outcome = body.append(chunk, length);
                    if (outcome != Body.Outcome.GOOD) {
                        close();
                        return outcome;
                    }
                } else if (inflater.finished()) {
                    stage = Stage.TRAILER;
                    return trailer(piece, piece.length - inflater.getRemaining());
                } else if (inflater.needsDictionary()) {
                    return corrupt();
                } else if (inflater.needsInput()) {
                    return Body.Outcome.GOOD;
                }
            }
        } catch (DataFormatException e) {
            return corrupt();
        }
    }

    private Body.Outcome trailer(byte[] piece, int from) {
        pending.write(piece, from, piece.length - from);
        if (pending.size() < TRAILER) {
            return Body.Outcome.GOOD;
        }
        byte[] trailer = pending.toByteArray();
        boolean right = pending.size() == TRAILER
                && stage == Stage.TRAILER
                && little(trailer, 0) == crc.getValue()
                && little(trailer, 4) == (inflater.getBytesWritten() & 0xffffffffL);
        stage = Stage.END;
        close();
        return right ? Body.Outcome.GOOD : corrupt();
    }

    private Body.Outcome corrupt() {
        stage = Stage.END;
        close();
        return Body.Outcome.CORRUPT;
    }

    private static long little(byte[] bytes, int at) {
        return (bytes[at] & 0xffL)
                | (bytes[at + 1] & 0xffL) << 8
                | (bytes[at + 2] & 0xffL) << 16
                | (bytes[at + 3] & 0xffL) << 24;
    }

    /** Where the header ends; 0 when more is needed, negative when it is none. */
    private static int headerEnd(byte[] bytes) {
        if (bytes.length < FIXED_HEADER) {
            return 0;
        }
        if ((bytes[0] & 0xff) != 0x1f || (bytes[1] & 0xff) != 0x8b || bytes[2] != 8) {
            return -1;
        }
        int flags = bytes[3];
        int at = FIXED_HEADER;
        if ((flags & EXTRA) != 0) {
            if (bytes.length < at + 2) {
                return 0;
            }
            at += 2 + (bytes[at] & 0xff) + ((bytes[at + 1] & 0xff) << 8);
        }
        for (int zeroEnded = NAME; zeroEnded <= COMMENT; zeroEnded <<= 1) {
            if ((flags & zeroEnded) != 0) {
                while (at < bytes.length && bytes[at] != 0) {
                    at++;
                }
                at++;
            }
        }
        if ((flags & HEADER_CRC) != 0) {
            at += 2;
        }
        return at <= bytes.length ? at : 0;
    }
}
