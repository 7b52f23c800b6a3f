package io.usagestream.envelope;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A client of the Confluent schema registry's API, as far as it is needed; Karapace and Apicurio's ccompat speak it too. */
public final class SchemaRegistry {
    private static final String TYPE = "application/vnd.schemaregistry.v1+json";

    private final WebClient client;
    private final String base;
    private final Optional<UsernamePasswordCredentials> credentials;
    private final Duration timeout;

    /**
     * @param url where it is, with a path when the API has one; a user and password in it go out as Basic authentication
     * @param timeout for each request
     */
    public SchemaRegistry(WebClient client, URI url, Duration timeout) {
        this.client = client;
        this.credentials = Optional.ofNullable(url.getUserInfo()).map(SchemaRegistry::credentials);
        String authority = url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
        this.base = (url.getScheme() + "://" + authority
                        + Optional.ofNullable(url.getPath()).orElse(""))
                .replaceAll("/+$", "");
        this.timeout = timeout;
    }

    /** The id of a schema under a subject, after registering it there if it is new. */
    public Future<Integer> register(String subject, String schemaText) {
        return id(subject, "/subjects/" + encoded(subject) + "/versions", schemaText);
    }

    /** The id of a schema that is registered under a subject. */
    public Future<Integer> lookUp(String subject, String schemaText) {
        return id(subject, "/subjects/" + encoded(subject), schemaText);
    }

    /** The schema of an id. */
    public Future<String> schema(int id) {
        String what = "schema id " + id;
        return request(HttpMethod.GET, "/schemas/ids/" + id)
                .send()
                .recover(e -> unreachable(what, e))
                .compose(response -> answer(what, response))
                .map(answer -> answer.getString("schema"));
    }

    private Future<Integer> id(String subject, String path, String schemaText) {
        return request(HttpMethod.POST, path)
                .putHeader("Content-Type", TYPE)
                .sendBuffer(new JsonObject().put("schema", schemaText).toBuffer())
                .recover(e -> unreachable(subject, e))
                .compose(response -> answer(subject, response))
                .map(answer -> answer.getInteger("id"));
    }

    private HttpRequest<Buffer> request(HttpMethod method, String path) {
        HttpRequest<Buffer> request = client.requestAbs(method, base + path)
                .timeout(timeout.toMillis())
                .followRedirects(false)
                .putHeader("Accept", TYPE + ", application/json");
        credentials.ifPresent(request::authentication);
        return request;
    }

    private <T> Future<T> unreachable(String what, Throwable cause) {
        return Future.failedFuture(new RegistryException(
                what, RegistryException.UNREACHABLE, "it cannot be reached at " + base + ": " + cause.getMessage()));
    }

    private static Future<JsonObject> answer(String what, HttpResponse<Buffer> response) {
        Optional<JsonObject> body = json(response);
        if (response.statusCode() == 200 && body.isPresent()) {
            return Future.succeededFuture(body.get());
        }
        String said = body.map(b -> b.getString("message")).orElse("no message");
        return Future.failedFuture(new RegistryException(what, response.statusCode(), said));
    }

    private static Optional<JsonObject> json(HttpResponse<Buffer> response) {
        try {
            return Optional.ofNullable(response.bodyAsJsonObject());
        } catch (RuntimeException e) { // an error page of a proxy
            return Optional.empty();
        }
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8);
    }

    private static UsernamePasswordCredentials credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new UsernamePasswordCredentials(userInfo, "")
                : new UsernamePasswordCredentials(userInfo.substring(0, colon), userInfo.substring(colon + 1));
    }
}
