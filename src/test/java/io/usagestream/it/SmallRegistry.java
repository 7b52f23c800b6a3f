package io.usagestream.it;

import static io.usagestream.contract.Waiting.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;

/** As much of a schema registry as speaks the Confluent API to one client. */
public final class SmallRegistry implements AutoCloseable {
    private final HttpServer server;
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Optional<Integer> answering = Optional.empty();

    public SmallRegistry(Vertx vertx, int port) {
        server = await(vertx.createHttpServer().requestHandler(this::answer).listen(port, "127.0.0.1"));
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** Every request, as {@code METHOD path}. */
    public List<String> requests() {
        return requests;
    }

    /** From now on answers everything with that status. */
    public void answerAll(int status) {
        answering = Optional.of(status);
    }

    /** From now on answers what it knows again. */
    public void answerAsItIs() {
        answering = Optional.empty();
    }

    /** The schema of an id. */
    Schema schema(int id) {
        return new Schema.Parser().parse(schemas.get(id - 1));
    }

    private void answer(HttpServerRequest request) {
        requests.add(request.method() + " " + request.path());
        if (answering.isPresent()) {
            error(request, answering.get(), "as told");
            return;
        }
        String[] path = request.path().split("/", -1);
        if (path[1].equals("schemas")) {
            int id = Integer.parseInt(path[3]);
            request.response()
                    .end(new JsonObject().put("schema", schemas.get(id - 1)).toString());
            return;
        }
        request.body().onSuccess(body -> {
            String text = body.toJsonObject().getString("schema");
            synchronized (schemas) {
                boolean register = path.length == 4;
                int known = schemas.indexOf(text);
                List<Integer> ids = subjects.computeIfAbsent(path[2], s -> new CopyOnWriteArrayList<>());
                if (!register && !ids.contains(known + 1)) {
                    error(request, 404, "Schema not found");
                    return;
                }
                if (known < 0) {
                    schemas.add(text);
                    known = schemas.size() - 1;
                }
                if (!ids.contains(known + 1)) {
                    ids.add(known + 1);
                }
                request.response().end(new JsonObject().put("id", known + 1).toString());
            }
        });
    }

    private static void error(HttpServerRequest request, int status, String message) {
        request.response()
                .setStatusCode(status)
                .end(new JsonObject()
                        .put("error_code", status * 100 + 1)
                        .put("message", message)
                        .toString());
    }

    @Override
    public void close() {
        await(server.close());
    }
}
