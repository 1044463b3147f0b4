package org.focaldistill.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.crud.AttributeSet;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;

/** An API server of Kubernetes over HTTP that keeps objects and tells watchers of them, with nobody behind it. */
public final class Kubernetes implements AutoCloseable {
    private static final String OWN_AGENT = "the test";
    /** Held, as its level would be forgotten with it. */
    private static final Logger EACH_REQUEST = Logger.getLogger(MockWebServer.class.getName());

    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final KubernetesMockServer server;
    private final KubernetesClient client;

    /** Starts it on a free port of loopback. */
    public Kubernetes() {
        EACH_REQUEST.setLevel(Level.WARNING);
        server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), recording(), false);
        server.init(InetAddress.getLoopbackAddress(), 0);
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url("/"))
                .withUserAgent(OWN_AGENT)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    private KubernetesCrudDispatcher recording() {
        return new KubernetesCrudDispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                if (!OWN_AGENT.equals(request.getHeader("User-Agent"))) {
                    requests.add(request.getMethod() + " " + request.getPath());
                }
                return super.dispatch(request);
            }

            /** As an API server does: a new pod is pending, and one that is deleted stays until its node has ended it. */
            @Override
            public void processEvent(
                    String path,
                    AttributeSet pathAttributes,
                    AttributeSet oldAttributes,
                    GenericKubernetesResource resource,
                    String newState) {
                if (oldAttributes == null && resource.getKind().equals("Pod")) {
                    resource.getMetadata().setFinalizers(List.of("focaldistill.org/node"));
                    resource.setAdditionalProperty("status", Map.of("phase", "Pending"));
                    super.processEvent(path, pathAttributes, null, resource, Serialization.asJson(resource));
                } else {
                    super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
                }
            }
        };
    }

    /** For {@code --master}. */
    public String url() {
        return "k8s://http://127.0.0.1:" + server.getPort();
    }

    public KubernetesClient client() {
        return client;
    }

    /** Method and path of all that others than this class's client have asked for. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** The pods that there are. */
    public List<Pod> pods() {
        return client.pods().inAnyNamespace().list().getItems();
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
