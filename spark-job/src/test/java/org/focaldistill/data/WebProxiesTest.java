package org.focaldistill.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebProxiesTest {
    private static final String URL = "http://images.invalid/archive";

    @TempDir
    private Path folder;

    private void fetch(String url, Map<String, String> environment) throws IOException {
        new Download(Duration.ofSeconds(10), (bytes, total) -> {}, new WebProxies(environment))
                .fetch(url, folder.resolve("file"));
    }

    @Test
    void a_download_goes_through_the_proxy_of_the_environment() throws IOException {
        List<URI> asked = new ArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI());
            boolean there = exchange.getRequestURI().getPath().equals("/archive");
            exchange.sendResponseHeaders(there ? 200 : 407, 4);
            exchange.getResponseBody().write("data".getBytes(UTF_8));
            exchange.close();
        });
        proxy.start();
        String address = "127.0.0.1:" + proxy.getAddress().getPort();
        try {
            for (Map<String, String> environment : List.of(
                    Map.of("http_proxy", "http://" + address + "/", "https_proxy", "http://nowhere.invalid"),
                    Map.of("HTTP_PROXY", address),
                    Map.of("all_proxy", "http://" + address, "no_proxy", "other.invalid"))) {
                fetch(URL, environment);
                assertThat(folder.resolve("file")).hasContent("data");
                Files.delete(folder.resolve("file"));
            }
            assertThat(asked).hasSize(3).containsOnly(URI.create(URL));

            assertThatThrownBy(() -> fetch(URL + "-2", Map.of("http_proxy", address)))
                    .hasMessageContaining("the proxy " + address + " that http_proxy names answered HTTP status 407");
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void https_goes_through_a_tunnel_of_its_proxy() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> firstLine(proxy));
            String address = "127.0.0.1:" + proxy.getLocalPort();
            assertThatThrownBy(() -> fetch(
                            "https://images.invalid/archive",
                            Map.of("https_proxy", "http://" + address, "http_proxy", "http://nowhere.invalid")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(
                            "Cannot download https://images.invalid/archive",
                            "403 Not for you",
                            "through the proxy " + address + " that https_proxy names");
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("CONNECT images.invalid:443 HTTP/1.1");
        }
    }

    private static String firstLine(ServerSocket proxy) {
        try (Socket socket = proxy.accept();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            String first = in.readLine();
            while (!in.readLine().isEmpty()) {}
            socket.getOutputStream().write("HTTP/1.1 403 Not for you\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
            return first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_proxy_that_is_not_there_is_named() {
        assertThatThrownBy(() -> fetch(URL, Map.of("http_proxy", "http://nowhere.invalid:3128")))
                .hasMessageContaining("Cannot download " + URL)
                .hasMessageContaining("no machine of that name: the proxy nowhere.invalid:3128 that http_proxy names");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://me:wJalrXUtnFEMI@proxy:3128",
                "me:wJalrXUtnFEMI@proxy",
                "http://me:wJalr XUtnFEMI@proxy",
                "https://wJalrXUtnFEMI",
                "ftp://wJalrXUtnFEMI:21",
                "http://wJalrXUtnFEMI:port"
            })
    void what_can_not_be_used_is_refused_and_not_repeated(String value) {
        assertThatThrownBy(() -> fetch(URL, Map.of("http_proxy", value)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("http_proxy ")
                .hasMessageNotContaining("FEMI");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost/a, '', true",
        "http://127.0.0.1:80/a, '', true",
        "http://[::1]/a, '', true",
        "http://example.org/a, *, true",
        "http://example.org/a, example.org, true",
        "http://www.example.org/a, 'a.b, .Example.org', true",
        "http://www.example.org/a, *.example.org, true",
        "http://badexample.org/a, example.org, false",
        "http://example.org/a, .org.example, false",
        "http://example.org:8080/a, example.org:8080, true",
        "http://example.org/a, example.org:80, true",
        "https://example.org/a, example.org:80, false",
        "http://10.1.2.3/a, 10.0.0.0/8, true",
        "http://11.1.2.3/a, 10.0.0.0/8, false",
        "http://10.1.2.3/a, 10.1.2.3, true",
        "http://10.1.2.3/a, 10.1.2.3:80, true",
        "http://10.1.2.3/a, 10.0.0.0/x, false",
        "http://[fd00::7]/a, fd00::/8, true",
        "http://[fd00::7]/a, 10.0.0.0/8, false",
        "http://ten.example/a, 10.0.0.0/8, false"
    })
    void no_proxy_lists_hosts_domains_ports_and_blocks(URI address, String list, boolean direct) throws IOException {
        Map<String, String> environment = Map.of("all_proxy", "socks5://proxy", "no_proxy", list);
        assertThat(new WebProxies(environment).of(address) == null).isEqualTo(direct);
    }
}
