package org.focaldistill.store;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.focaldistill.text.MachineName;
import org.jspecify.annotations.Nullable;

/**
 * What a file or folder is called until it is published: hidden, different each time, and with the process that writes it,
 * so that what a killed one leaves is known to be nobody's.
 *
 * @param pid the writer's process number; null in names by earlier versions
 * @param place its machine and user, as far as this tells them apart; null in names by earlier versions
 */
record TemporaryName(@Nullable Long pid, @Nullable String place) {
    private static final Pattern NAME = Pattern.compile(
            "\\..+\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\\.([0-9]{1,10})-([0-9a-f]{8}))?\\.tmp");

    /** A new name for what will be called otherwise. */
    static String of(String target) {
        return "." + target + "." + UUID.randomUUID() + "."
                + ProcessHandle.current().pid() + "-" + here() + ".tmp";
    }

    /** Null if it is no such name. */
    static @Nullable TemporaryName parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        String pid = matcher.group(1);
        return new TemporaryName(pid == null ? null : Long.valueOf(pid), matcher.group(2));
    }

    /** Whether the writer was a process of this machine and user; others may be hidden. */
    boolean isOfHere() {
        return here().equals(place);
    }

    /** Whether the writer was a process of this machine and user that is gone. */
    boolean writerIsGone() {
        return isOfHere() && pid != null && ProcessHandle.of(pid).isEmpty();
    }

    private static String here() {
        String machineAndUser = MachineName.get() + "\n" + System.getProperty("user.name", "unknown");
        return String.format(Locale.ROOT, "%08x", machineAndUser.hashCode());
    }
}
