package org.focaldistill.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarDownloadTest {
    private byte[] archive;
    private HttpServer server;
    private String address;

    @BeforeEach
    void serve(@TempDir Path temp) throws IOException {
        archive = Files.readAllBytes(TestArchive.cifar100(temp).packed(temp.resolve("a.tar.gz")));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        address = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/whole", exchange -> send(exchange, archive));
        server.createContext("/moved", exchange -> redirect(exchange, "/whole"));
        server.createContext("/round", exchange -> redirect(exchange, "/round"));
        server.createContext("/broken", this::breakOff);
        server.createContext("/text", exchange -> send(exchange, "Not today".getBytes(UTF_8)));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void downloadsAndReportsProgress() throws IOException {
        List<Long> steps = new ArrayList<>();

        ImageDataSet data = new CifarArchive(ArchiveFormat.CIFAR100)
                .withMd5(null)
                .withProgress((bytes, totalBytes) -> {
                    assertThat(totalBytes).isEqualTo(archive.length);
                    steps.add(bytes);
                })
                .read(address + "/whole");

        CifarArchiveTest.assertIsTheArchive(data);
        assertThat(steps).isSorted().last().isEqualTo((long) archive.length);
    }

    @Test
    void followsARedirect() throws IOException {
        CifarArchiveTest.assertIsTheArchive(read("/moved"));
    }

    @Test
    void givesUpOnARoundOfRedirects() {
        assertThatThrownBy(() -> read("/round"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 5 redirects");
    }

    @Test
    void saysWhatTheServerAnswered() {
        assertThatThrownBy(() -> read("/nothing"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(address + "/nothing", "HTTP status 404", "give its path");
    }

    @Test
    void noticesADownloadThatBreaksOff() {
        assertThatThrownBy(() -> read("/broken"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("/broken", "broke off after 1000 of " + archive.length + " bytes");
    }

    @Test
    void holdsADownloadToItsChecksum() {
        assertThatThrownBy(() -> new CifarArchive(ArchiveFormat.CIFAR100).read(address + "/text"))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContainingAll(address + "/text", "MD5", ArchiveFormat.CIFAR100.officialMd5());
    }

    @Test
    void saysThatNobodyAnswers() {
        server.stop(0);

        assertThatThrownBy(() -> read("/whole"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("Cannot download " + address + "/whole", "Check the address");
    }

    private ImageDataSet read(String path) throws IOException {
        return new CifarArchive(ArchiveFormat.CIFAR100).withMd5(null).read(address + path);
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void breakOff(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, archive.length);
        exchange.getResponseBody().write(Arrays.copyOf(archive, 1000));
        exchange.getResponseBody().flush();
        exchange.close();
    }
}
