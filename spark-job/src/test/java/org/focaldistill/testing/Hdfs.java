package org.focaldistill.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** HDFS on loopback: a name node and a data node, processes of their own, of the tests' class path. */
public final class Hdfs implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("NameNode (RPC) up at");
    private static final Pattern JOINED = Pattern.compile("Block pool \\S+ .*successfully (registered) with NN");

    private final Path folder;
    private final String url;
    private final Server dataNode;
    private Server nameNode;

    public Hdfs(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.url = "hdfs://localhost:" + freePort();
        Server format = nameNode("format", "-format", "-nonInteractive");
        if (!format.process().waitFor(1, TimeUnit.MINUTES) || format.process().exitValue() != 0) {
            throw new IllegalStateException("The name node's folder is not formatted, see " + format.log());
        }
        this.nameNode = startedNameNode();
        this.dataNode = Server.start(
                folder.resolve("data-node.log"),
                Map.of(),
                List.of(),
                "org.apache.hadoop.hdfs.server.datanode.DataNode",
                options());
        dataNode.await(JOINED);
    }

    public String url() {
        return url;
    }

    /** As the user who started it, who may do anything. */
    public DistributedFileSystem fileSystem() throws IOException {
        return (DistributedFileSystem) FileSystem.get(URI.create(url), new Configuration());
    }

    /** Kills the name node; {@link #restartNameNode} starts another one of the same address and files. */
    public void killNameNode() throws InterruptedException {
        nameNode.kill();
    }

    public void restartNameNode() throws IOException, InterruptedException {
        nameNode = startedNameNode();
    }

    private Server startedNameNode() throws IOException, InterruptedException {
        Server started = nameNode("name-node");
        started.await(STARTED);
        return started;
    }

    private Server nameNode(String name, String... arguments) throws IOException {
        return Server.start(
                folder.resolve(name + ".log"),
                Map.of(),
                List.of(),
                "org.apache.hadoop.hdfs.server.namenode.NameNode",
                Stream.concat(options().stream(), Stream.of(arguments)).toList());
    }

    /** Settings of both, as hdfs-site.xml would have them. */
    private List<String> options() {
        return Stream.of(
                        "fs.defaultFS=" + url,
                        "dfs.namenode.name.dir=" + folder.resolve("name").toUri(),
                        "dfs.datanode.data.dir=" + folder.resolve("data").toUri(),
                        "dfs.replication=1",
                        "dfs.namenode.http-address=localhost:0",
                        "dfs.datanode.address=localhost:0",
                        "dfs.datanode.ipc.address=localhost:0",
                        "dfs.datanode.http.address=localhost:0",
                        // One data node is all there will be: nothing to wait for once it has reported.
                        "dfs.namenode.safemode.extension=0",
                        // These write through Log4j 1, which is not there.
                        "dfs.namenode.metrics.logger.period.seconds=0",
                        "dfs.datanode.metrics.logger.period.seconds=0")
                .flatMap(setting -> Stream.of("-D", setting))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        dataNode.close();
        nameNode.close();
    }
}
