package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SSLOptions;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;
import org.junit.jupiter.api.Test;
import scala.Option;

/** conf/spark-secure.properties: every setting, commented ones too, is one that this version of Spark reads. */
class SecureSettingsTest {
    private static final Path FILE = Path.of("..", "conf", "spark-secure.properties");
    private static final Pattern SETTING = Pattern.compile("#?(spark\\.[\\w.]+)\\s+(.+)");

    private static Map<String, String> all() throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String line : Files.readAllLines(FILE, StandardCharsets.UTF_8)) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                settings.put(setting.group(1), setting.group(2));
            }
        }
        return settings;
    }

    private static SparkConf inForce() throws IOException {
        Properties properties = new Properties();
        properties.load(Files.newBufferedReader(FILE));
        SparkConf conf = new SparkConf(false);
        properties.forEach((name, value) -> conf.set(name.toString(), value.toString()));
        return conf;
    }

    @Test
    void spark_knows_every_name() throws Exception {
        // Spark registers its settings when the objects that hold them are made.
        for (String holder : List.of("package$", "UI$", "Network$")) {
            Class.forName("org.apache.spark.internal.config." + holder);
        }
        Set<String> unknown = new TreeSet<>(all().keySet());
        unknown.removeIf(name -> ConfigEntry.findEntry(name) != null);
        // Read by the network library and for each SSL name space, which the other tests look at.
        assertThat(unknown)
                .allMatch(name -> name.startsWith("spark.ssl.ui.") || name.startsWith("spark.network.crypto."));
    }

    @Test
    void connections_are_authenticated_and_encrypted() throws Exception {
        SparkConf conf = inForce().set("spark.authenticate.secret", "a secret");
        Map<String, String> settings = new HashMap<>();
        for (scala.Tuple2<String, String> setting : conf.getAll()) {
            settings.put(setting._1(), setting._2());
        }
        TransportConf transport = new TransportConf("rpc", new MapConfigProvider(settings));
        assertThat(transport.encryptionEnabled()).isTrue();
        assertThat(transport.authEngineVersion()).isEqualTo(2);
        assertThat(transport.saslFallback()).isFalse();

        SecurityManager security = new SecurityManager(
                conf, Option.empty(), org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
        assertThat(security.isAuthenticationEnabled()).isTrue();
        assertThat(security.isEncryptionEnabled()).isTrue();
        assertThat(security.aclsEnabled()).isTrue();
        assertThat(security.getSecretKey()).isEqualTo("a secret");
    }

    @Test
    void pages_can_be_served_over_tls_as_the_comments_say() throws Exception {
        SparkConf conf = new SparkConf(false);
        all().forEach(conf::set);
        SSLOptions options = SSLOptions.parse(conf, new Configuration(), "spark.ssl.ui", Option.empty());
        assertThat(options.enabled()).isTrue();
        assertThat(options.keyStore().get().getPath()).isEqualTo("/path/to/keystore.p12");
        assertThat(options.keyStoreType().get()).isEqualTo("PKCS12");
        assertThat(options.keyStorePassword().get()).isEqualTo("...");
    }
}
