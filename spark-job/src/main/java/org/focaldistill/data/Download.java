package org.focaldistill.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fetches one file over HTTP. */
final class Download {
    private static final int MAX_REDIRECTS = 5;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String ADVICE =
            " Check the address and the network, or download the file by hand and give its path.";

    private final Duration timeout;
    private final CifarArchive.DownloadProgress progress;
    private final WebProxies proxies;

    /**
     * Fetches nothing yet.
     *
     * @param timeout for connecting, and for each read
     */
    Download(Duration timeout, CifarArchive.DownloadProgress progress, WebProxies proxies) {
        this.timeout = timeout;
        this.progress = progress;
        this.proxies = proxies;
    }

    void fetch(String url, Path target) throws IOException {
        try {
            HttpURLConnection connection = connect(url);
            try {
                save(connection, url, target);
            } finally {
                connection.disconnect();
            }
        } catch (InvalidDataException e) {
            throw e;
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            throw new IOException(
                    "Cannot download %s: %s.%s".formatted(url, InvalidDataException.reason(e), ADVICE), e);
        }
    }

    /** HttpURLConnection itself does not follow from http to https. */
    private HttpURLConnection connect(String url) throws IOException, URISyntaxException {
        URI address = new URI(url);
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            WebProxies.Via via = proxies.of(address);
            HttpURLConnection connection = open(address, via);
            int status = status(connection, via);
            if (status == HttpURLConnection.HTTP_OK) {
                return connection;
            }
            String location = connection.getHeaderField("Location");
            connection.disconnect();
            if (!REDIRECTS.contains(status) || location == null) {
                String who = via == null ? "the server" : via.toString();
                throw new IOException(who + " answered HTTP status " + status + " for " + address);
            }
            URI next = address.resolve(location);
            if (isSecure(address) && !isSecure(next)) {
                throw new IOException("the server redirects from https to " + next);
            }
            address = next;
        }
        throw new IOException("more than " + MAX_REDIRECTS + " redirects");
    }

    private static int status(HttpURLConnection connection, WebProxies.@Nullable Via via) throws IOException {
        try {
            return connection.getResponseCode();
        } catch (UnknownHostException e) {
            throw via == null ? e : new IOException("there is no machine of that name: " + via, e);
        } catch (IOException e) {
            throw via == null ? e : new IOException(InvalidDataException.reason(e) + ", through " + via, e);
        }
    }

    private HttpURLConnection open(URI address, WebProxies.@Nullable Via via) throws IOException {
        URL url = address.toURL();
        URLConnection opened = via == null ? url.openConnection() : url.openConnection(via.proxy());
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new IOException(address + " is not an http or https address");
        }
        connection.setConnectTimeout(Math.toIntExact(timeout.toMillis()));
        connection.setReadTimeout(Math.toIntExact(timeout.toMillis()));
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Accept-Encoding", "identity");
        return connection;
    }

    private static boolean isSecure(URI address) {
        return address.toString().toLowerCase(Locale.ROOT).startsWith("https:");
    }

    private void save(HttpURLConnection connection, String url, Path target) throws IOException {
        long expected = connection.getContentLengthLong();
        long saved = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = connection.getInputStream();
                OutputStream out = Files.newOutputStream(target)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                saved += read;
                progress.at(saved, expected);
            }
        }
        if (expected >= 0 && saved != expected) {
            throw new InvalidDataException(String.format(
                    Locale.ROOT,
                    "The download of %s broke off after %d of %d bytes. Try again.",
                    url,
                    saved,
                    expected));
        }
    }
}
