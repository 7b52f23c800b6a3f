package io.usagestream.envelope;

import static io.usagestream.envelope.SingleObject.bytes;
import static io.usagestream.envelope.SingleObject.decoder;
import static io.usagestream.envelope.SingleObject.read;
import static io.usagestream.envelope.SingleObject.split;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.avro.Request;
import io.usagestream.avro.RequestKind;
import io.usagestream.avro.RequestStatus;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.message.BinaryMessageDecoder;

/** The records of the requests topic, always in single-object encoding: what is asked, and how far owners are with it. */
public final class WorkFormat {
    private static final BinaryMessageDecoder<Request> REQUEST =
            decoder(Request.getDecoder(), SchemaHistory.older(Request.getClassSchema()));
    private static final BinaryMessageDecoder<RequestStatus> STATUS =
            decoder(RequestStatus.getDecoder(), SchemaHistory.older(RequestStatus.getClassSchema()));

    private WorkFormat() {}

    public static byte[] key(Work work) {
        return work.id().getBytes(UTF_8);
    }

    /** The key of a status: {@code <request id>/<split>}. */
    public static byte[] key(WorkStatus status) {
        return (status.id() + "/" + status.split().name()).getBytes(UTF_8);
    }

    /** Whether a key is that of a status; else it is that of a request. */
    public static boolean isStatus(String key) {
        return key.indexOf('/') >= 0;
    }

    /** The record that asks for work. */
    public static byte[] encode(Work work, Instant requestedAt) {
        return bytes(() -> Request.newBuilder()
                .setId(work.id())
                .setKind(RequestKind.valueOf(work.kind().name()))
                .setSource(work.source())
                .setStream(work.stream().orElse(null))
                .setFrom(work.window().from())
                .setTo(work.window().to())
                .setRequestedAt(requestedAt)
                .build()
                .toByteBuffer());
    }

    /** The work that such a record asks for, finished by nobody yet. */
    public static Work work(byte[] value) {
        Request request = read(REQUEST, value);
        return new Work(
                request.getId(),
                Work.Kind.valueOf(request.getKind().name()),
                request.getSource(),
                Optional.ofNullable(request.getStream()),
                new Window(request.getFrom(), request.getTo()),
                Set.of());
    }

    public static byte[] encode(WorkStatus status) {
        return bytes(() -> RequestStatus.newBuilder()
                .setRequestId(status.id())
                .setSplit(status.split().name())
                .setProvider(status.split().provider())
                .setDoneUntil(status.doneUntil())
                .setFinished(status.finished())
                .setReason(status.reason().map(Reason::word).orElse(null))
                .setObservedAt(status.observedAt())
                .build()
                .toByteBuffer());
    }

    public static WorkStatus status(byte[] value) {
        RequestStatus record = read(STATUS, value);
        return new WorkStatus(
                record.getRequestId(),
                split(record.getProvider(), record.getSplit()),
                record.getDoneUntil(),
                record.getFinished(),
                Optional.ofNullable(record.getReason()).map(Publications::reason),
                record.getObservedAt());
    }
}
