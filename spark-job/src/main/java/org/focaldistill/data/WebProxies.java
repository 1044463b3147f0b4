package org.focaldistill.data;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names, as curl and others read them: {@code http_proxy}, {@code https_proxy}, {@code
 * all_proxy}, and {@code no_proxy} for what is reached without one; in capitals, too.
 */
final class WebProxies {
    private static final Set<String> SOCKS = Set.of("socks", "socks4", "socks5", "socks5h");
    private static final int HTTP_PORT = 80;
    private static final int SOCKS_PORT = 1080;

    private final Map<String, String> environment;

    /** @param environment variables by name */
    WebProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * A proxy to use.
     *
     * @param variable what names it
     */
    record Via(String variable, Proxy proxy) {
        @Override
        public String toString() {
            InetSocketAddress address = (InetSocketAddress) proxy.address();
            return "the proxy " + address.getHostString() + ":" + address.getPort() + " that " + variable + " names";
        }
    }

    private record Variable(String name, String value) {}

    /**
     * The proxy for an address; null where the environment has none for it.
     *
     * @throws IOException if it has one that can not be used; its value is not repeated, as it may have a password in it
     */
    @Nullable Via of(URI address) throws IOException {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        Variable named = first(scheme + "_proxy", "all_proxy");
        Variable none = first("no_proxy");
        if (named == null || address.getHost() == null || new NoProxy(none == null ? "" : none.value).covers(address)) {
            return null;
        }
        URI proxy = parsed(named);
        boolean socks = SOCKS.contains(proxy.getScheme().toLowerCase(Locale.ROOT));
        int port = proxy.getPort() >= 0 ? proxy.getPort() : socks ? SOCKS_PORT : HTTP_PORT;
        return new Via(
                named.name,
                new Proxy(socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port)));
    }

    private @Nullable Variable first(String... names) {
        for (String name : names) {
            for (String each : List.of(name, name.toUpperCase(Locale.ROOT))) {
                String value = environment.getOrDefault(each, "").strip();
                if (!value.isEmpty()) {
                    return new Variable(each, value);
                }
            }
        }
        return null;
    }

    private static URI parsed(Variable named) throws IOException {
        if (named.value.indexOf('@') >= 0) {
            throw new IOException(
                    named.name + " has a user's name in it, and proxies that ask for one are not supported");
        }
        try {
            URI proxy = new URI(named.value.contains("://") ? named.value : "http://" + named.value);
            String scheme = proxy.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || SOCKS.contains(scheme)) && proxy.getHost() != null) {
                return proxy;
            }
        } catch (URISyntaxException e) {
            // What is wrong with it is said below, without the value.
        }
        throw new IOException(
                named.name + " is no proxy that can be used: set it to http://HOST:PORT or socks5://HOST:PORT");
    }
}
