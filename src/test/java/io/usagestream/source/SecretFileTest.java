package io.usagestream.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void a_changed_file_is_read_again() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "one\n");
        Secret secret = SecretFile.open(file);
        assertThat(secret.reveal()).isEqualTo("one");
        Files.writeString(file, "another\r\n");
        await().atMost(SOON).until(() -> secret.reveal().equals("another"));
        assertThat(secret).hasToString("***");
    }

    @Test
    void a_swapped_link_as_in_a_mounted_kubernetes_secret_is_seen() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        Files.writeString(first.resolve("key"), "one");
        Files.writeString(second.resolve("key"), "two");
        Files.setLastModifiedTime(second.resolve("key"), Files.getLastModifiedTime(first.resolve("key")));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first.getFileName());
        Path file = Files.createSymbolicLink(
                folder.resolve("key"), data.getFileName().resolve("key"));
        Secret secret = SecretFile.open(file);
        assertThat(secret.reveal()).isEqualTo("one");
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), second.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(SOON).until(() -> secret.reveal().equals("two"));
    }

    @Test
    void a_missing_or_empty_file_keeps_the_old_value_until_there_is_a_new_one() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "one");
        Secret secret = SecretFile.open(file);
        Files.delete(file);
        secret.refresh();
        Thread.sleep(100);
        assertThat(secret.reveal()).isEqualTo("one");
        Files.writeString(file, " \n");
        secret.refresh();
        Thread.sleep(100);
        assertThat(secret.reveal()).isEqualTo("one");
        Files.writeString(file, "two");
        await().atMost(SOON).until(() -> secret.reveal().equals("two"));
    }

    @Test
    void refused_by_upstream_it_is_read_at_once_even_when_nothing_about_the_file_seems_new() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "one");
        var modified = Files.getLastModifiedTime(file);
        Secret secret = SecretFile.open(file);
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, modified);
        secret.refresh();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(SOON)
                .until(() -> secret.reveal().equals("two"));
    }

    @Test
    void an_empty_file_is_no_credential_to_start_with() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "\n");
        assertThatThrownBy(() -> SecretFile.open(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SecretFile.open(folder.resolve("none"))).isInstanceOf(IOException.class);
    }
}
