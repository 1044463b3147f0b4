package org.focaldistill.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.apache.hadoop.fs.FSError;
import org.focaldistill.text.Causes;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * A disk is full, read-only or broken, or a quota is used up; the message says so, where, and what to do. Nothing that was
 * published before is lost by it.
 */
public final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    private DiskException(String message, String reason, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** The same in other words about the place. */
    DiskException at(String place) {
        return new DiskException("Cannot " + place + ": " + reason, reason, this);
    }

    /** What can be wrong with a disk, told by the words of Linux and of HDFS. */
    private enum Trouble {
        FULL(
                "no space left on the disk",
                "free some, then run the same command; what is finished is kept",
                "No space left on device",
                "is out of space"),
        QUOTA(
                "a quota is used up",
                "free some or have it raised, then run the same command; what is finished is kept",
                "Disk quota exceeded",
                "DiskSpace quota of",
                "NameSpace quota",
                "quota by storage type"),
        NO_DATA_NODE(
                "no data node of HDFS takes a block, as all are full or away",
                "free some space or start them, then run the same command; what is finished is kept",
                "could only be written to 0 of the",
                "Unable to create new block"),
        READ_ONLY("the disk is read-only", "choose another folder or have it made writable", "Read-only file system"),
        BROKEN("the disk fails", "choose a folder on another one", "Input/output error");

        private final String what;
        private final String remedy;
        private final List<String> words;

        Trouble(String what, String remedy, String... words) {
            this.what = what;
            this.remedy = remedy;
            this.words = List.of(words);
        }

        /** What a message tells of it; null if it tells nothing. HDFS says itself which quota it is. */
        private @Nullable String in(String message) {
            if (words.stream().noneMatch(message::contains)) {
                return null;
            }
            String detail = this == QUOTA ? " (" + firstLine(message) + ")" : "";
            return what + detail + ": " + remedy;
        }

        static @Nullable String in(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                String message = String.valueOf(cause.getMessage());
                for (Trouble trouble : values()) {
                    String told = trouble.in(message);
                    if (told != null) {
                        return told;
                    }
                }
            }
            return null;
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    /**
     * What a failure says of a disk, in itself or its causes.
     *
     * @return null if it is no disk's
     */
    public static @Nullable String explanation(Throwable failure) {
        boolean ofLocalDisk = false;
        String place = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DiskException) {
                return cause.getMessage();
            }
            // Hadoop throws this error, not an exception, for whatever the operating system refuses.
            ofLocalDisk |= cause instanceof FSError;
            if (cause instanceof FileSystemException file && file.getFile() != null) {
                place = file.getFile() + ": ";
            }
        }
        String told = Trouble.in(failure);
        if (told != null) {
            return place + told;
        }
        return ofLocalDisk ? "the disk fails: " + Words.firstLine(failure) : null;
    }

    /** What a person needs to know of a failure: of a disk what to do, else what went wrong first. */
    public static String sentence(Throwable failure) {
        String ofDisk = explanation(failure);
        return ofDisk == null ? Causes.sentence(failure) : ofDisk;
    }

    /** A failure at a place, as it is thrown on: one of a disk says so. */
    static IOException at(Object place, IOException failure) {
        String reason = failure instanceof DiskException ? null : explanation(failure);
        return reason == null ? failure : new DiskException("Cannot write " + place + ": " + reason, reason, failure);
    }

    /** A failure of the local file system. */
    static IOException at(Object place, FSError failure) {
        String reason = String.valueOf(explanation(failure));
        return new DiskException("Cannot write " + place + ": " + reason, reason, failure);
    }
}
