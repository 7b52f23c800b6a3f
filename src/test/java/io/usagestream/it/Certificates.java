package io.usagestream.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * An authority and the certificate that it gave to 127.0.0.1, made on the spot by the JDK's {@code keytool} for a day.
 *
 * @param authority its certificate, as PEM
 * @param keystore the server's key and certificate, as PKCS12
 * @param password of the key store
 */
public record Certificates(Path authority, Path keystore, String password) {
    /** Makes both in that folder. */
    public static Certificates make(Path folder) {
        return make(folder, "-0d");
    }

    /** The same, but the server's certificate expired a day ago. */
    static Certificates expired(Path folder) {
        return make(folder, "-2d");
    }

    private static Certificates make(Path folder, String serverFrom) {
        String password = UUID.randomUUID().toString();
        Path both = folder.resolve("both.p12");
        keytool(both, password, "authority", "-ext", "bc:c");
        keytool(both, password, "server", "-signer", "authority", "-ext", "san=ip:127.0.0.1", "-startdate", serverFrom);
        try {
            KeyStore made = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(both)) {
                made.load(in, password.toCharArray());
            }
            Files.delete(both);
            Path authority = folder.resolve("ca.crt");
            Files.writeString(authority, pem(made.getCertificate("authority")));
            // the server has no use for the authority's key
            made.deleteEntry("authority");
            Path keystore = folder.resolve("server.p12");
            try (OutputStream out = Files.newOutputStream(keystore)) {
                made.store(out, password.toCharArray());
            }
            return new Certificates(authority, keystore, password);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("certificates could not be made", e);
        }
    }

    private static String pem(Certificate certificate) throws GeneralSecurityException {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(certificate.getEncoded());
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }

    private static void keytool(Path keystore, String password, String alias, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "1",
                "-keystore",
                keystore.toString(),
                "-storetype",
                "PKCS12",
                "-storepass:env",
                "STORE_PASSWORD"));
        command.addAll(List.of(more));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("STORE_PASSWORD", password);
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException("keytool could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
