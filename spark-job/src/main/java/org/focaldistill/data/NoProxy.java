package org.focaldistill.data;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is reached without a proxy: this machine, and what a variable {@code no_proxy} lists. */
final class NoProxy {
    private static final Pattern IP =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*]?");
    private static final Pattern BITS = Pattern.compile("\\d{1,3}");

    private final List<String> entries;

    /**
     * Takes a list apart.
     *
     * @param list hosts, each with all names below it and perhaps a port, IPs and blocks of them, or {@code *}; separated
     *     by commas or spaces
     */
    NoProxy(String list) {
        entries = Pattern.compile("[,\\s]+")
                .splitAsStream(list.toLowerCase(Locale.ROOT))
                .toList();
    }

    boolean covers(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        int port =
                address.getPort() >= 0 ? address.getPort() : address.getScheme().equals("https") ? 443 : 80;
        InetAddress ip = ip(host);
        return host.equals("localhost")
                || ip != null && ip.isLoopbackAddress()
                || entries.stream()
                        .anyMatch(entry -> entry.equals("*") || names(entry, host, port) || isBlockOf(entry, ip));
    }

    private static boolean names(String entry, String host, int port) {
        String ending = ":" + port;
        String name = entry.endsWith(ending) ? entry.substring(0, entry.length() - ending.length()) : entry;
        String domain = name.replaceFirst("^\\*?\\.", "");
        return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
    }

    private static boolean isBlockOf(String entry, @Nullable InetAddress ip) {
        int slash = entry.indexOf('/');
        InetAddress block = ip(slash < 0 ? entry : entry.substring(0, slash));
        if (ip == null || block == null) {
            return false;
        }
        byte[] one = ip.getAddress();
        byte[] other = block.getAddress();
        String bits = slash < 0 ? Integer.toString(8 * other.length) : entry.substring(slash + 1);
        if (one.length != other.length || !BITS.matcher(bits).matches()) {
            return false;
        }
        for (int bit = 0; bit < Math.min(Integer.parseInt(bits), 8 * one.length); bit++) {
            if (((one[bit / 8] ^ other[bit / 8]) & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Of an address in digits; a name is not looked up. */
    private static @Nullable InetAddress ip(String text) {
        try {
            return IP.matcher(text).matches() ? InetAddress.getByName(text) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
