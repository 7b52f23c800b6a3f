# docker build .                          the service: run-time dependencies only
# docker build --target development .     the same with the simulated upstream and the embedded broker

FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
# what changes rarely comes first, so that a change of the sources fetches nothing again
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY avro avro
COPY src/main/java src/main/java
COPY src/main/resources src/main/resources
# without formatting and static analysis, which belong to a push; with the lists of what is inside (bom.json) and of its licences (THIRD-PARTY.txt)
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    ./mvnw -B -ntp -q '-P!analysis' -Dmaven.test.skip=true -Dspotless.check.skip=true package

# a Java of only what the clients and the web server use; the two of jgss are for Kafka behind Kerberos
ENV JLINK="jlink --no-man-pages --no-header-files --compress zip-6 --exclude-files **.debuginfo --add-modules" \
    MODULES="java.base,java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.security.jgss,jdk.unsupported"
# the embedded broker wants java.beans, which is part of the desktop
RUN $JLINK $MODULES --output /opt/usagestream/java && $JLINK $MODULES,java.desktop --output /opt/development/java

# One folder that is copied as it is: jars, their order as a class path, and the native codec beside them, because a read-only
# container forbids to execute what is unpacked into /tmp.
WORKDIR /opt/usagestream
COPY src/main/docker/java.options ./
RUN mkdir lib native development \
    && cp -p /src/target/usagestream.jar /src/target/bom.json /src/target/THIRD-PARTY.txt . \
    && cp -p /src/target/lib/*.jar lib/ \
    && cp -p /src/target/usagestream-dev.jar /src/target/lib-dev/*.jar development/ \
    && (cd native && jar xf ../lib/zstd-jni-*.jar linux && mv linux/$(uname -m | sed s/x86_64/amd64/)/*.so libzstd-jni.so && rm -r linux) \
    && cp java.options development/java.options \
    && echo "-cp usagestream.jar$(printf ':/opt/usagestream/%s' lib/*.jar)" | sed s,usagestream.jar,/opt/usagestream/usagestream.jar, >> java.options \
    && echo "$(tail -1 java.options)$(printf ':/opt/usagestream/%s' development/*.jar)" >> development/java.options

# What a start loads, parsed and linked once (an ahead-of-time cache); ignored where it does not fit.
COPY src/main/docker/train ./development/
RUN development/train

FROM debian:trixie-slim AS base
ENV LANG=C.UTF-8 \
    MALLOC_ARENA_MAX=2 \
    USAGESTREAM_HTTP_HOST=0.0.0.0 \
    USAGESTREAM_LOG_FORMAT=json
COPY --from=build /opt/usagestream/java /opt/usagestream/java
COPY --from=build /opt/usagestream/lib /opt/usagestream/lib
COPY --from=build /opt/usagestream/native /opt/usagestream/native
COPY --from=build /opt/usagestream/usagestream.jar /opt/usagestream/java.options /opt/usagestream/start.aot /opt/usagestream/bom.json /opt/usagestream/THIRD-PARTY.txt /opt/usagestream/
COPY src/main/docker/usagestream /usr/local/bin/usagestream
WORKDIR /tmp
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM

FROM base AS development
COPY --from=build /opt/development/java /opt/usagestream/development/java
COPY --from=build /opt/usagestream/development /opt/usagestream/development
ENTRYPOINT ["/opt/usagestream/development/java/bin/java", "@/opt/usagestream/development/java.options", "io.usagestream.cli.Main"]
CMD ["demo"]
LABEL org.opencontainers.image.title="Usagestream for development" \
      org.opencontainers.image.description="Usagestream with a simulated upstream and an embedded Kafka broker. Not for production." \
      org.opencontainers.image.licenses="Apache-2.0"

FROM base AS runtime
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
ENTRYPOINT ["/opt/usagestream/java/bin/java", "@/opt/usagestream/java.options", "io.usagestream.cli.Main"]
CMD ["run"]
LABEL org.opencontainers.image.title="Usagestream" \
      org.opencontainers.image.description="Polls the usage APIs of AI providers and publishes usage to Kafka as Avro, exactly once, with corrections." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:trixie-slim"
