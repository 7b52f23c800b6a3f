package io.usagestream.source.openai;

import io.usagestream.source.http.Query;
import io.usagestream.stream.Grain;
import io.usagestream.stream.PageRequest;
import java.util.List;

/** Says a page of one stream as a path and query. Everything but the cursor is the same on every page of a sweep. */
final class Requests {
    private final Endpoint endpoint;
    private final Grain width;
    private final int perPage;
    private final List<String> groupBy;
    private final List<String> projects;
    private final List<String> users;

    Requests(Endpoint endpoint, Grain width, List<String> groupBy, List<String> projects, List<String> users) {
        this.endpoint = endpoint;
        this.width = width;
        this.perPage = endpoint.type().perPage(width).orElseThrow();
        this.groupBy = groupBy;
        this.projects = projects;
        this.users = users;
    }

    /** The path with its query. */
    String path(PageRequest.Buckets request, String path) {
        Query query = new Query(path)
                .add("start_time", Long.toString(request.window().from().getEpochSecond()))
                .add("end_time", Long.toString(request.window().to().getEpochSecond()))
                .add("bucket_width", width.toString())
                .add("limit", Integer.toString(Math.max(1, Math.min(request.limit(), perPage))))
                .addAll("group_by", groupBy)
                .addAll("project_ids", projects);
        if (!endpoint.money()) {
            query.addAll("user_ids", users);
        }
        request.cursor().ifPresent(cursor -> query.add("page", cursor));
        return query.toString();
    }
}
