package org.focaldistill.spark.slots;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the slots of the executors that are there, and takes account of what fails where. A work that failed goes to
 * another executor; an executor or machine where several fail in a row gets nothing for a while ({@link Trust}). Where
 * no other executor is left, all are used: then it is not one of them that is broken.
 *
 * <p>Safe for threads. Spark itself decides where a task runs: a placement is what it is asked for, and told by
 * {@link Placement#refused} in the task.
 */
public final class SlotPool {
    private static final long LOOK_MILLIS = 200;
    /** How long a work waits for an executor where it has not failed, when one where it has is free. */
    private static final Duration CHOOSY = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final BooleanSupplier ended;
    private final int mostSlots;
    private final NewsQueue news = new NewsQueue();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, Trust> hosts = new HashMap<>();
    /** Of all executors there ever were. */
    private final Map<String, String> hostOf = new HashMap<>();
    /** By work: where it succeeded last, and has its images and teacher. */
    private final Map<String, String> lastOn = new HashMap<>();
    /** By work: where it failed, and nothing has succeeded since. */
    private final Map<String, Set<String>> failedOn = new HashMap<>();

    private int toBeStarted;
    private boolean closed;

    private static final class Member {
        private final String executor;
        private final String host;
        private final int slots;
        private final Trust trust = new Trust();
        private int busy;
        private @Nullable String unusable;

        Member(String executor, String host, int slots) {
            this.executor = executor;
            this.host = host;
            this.slots = slots;
        }

        String name() {
            return "executor " + executor + " on " + host;
        }

        /** As Spark's TaskLocation reads it. */
        String location() {
            return "executor_" + host + "_" + executor;
        }
    }

    /**
     * @param ended whether Spark's application is over: then nobody waits for a slot any longer
     * @param mostSlots of all executors that Spark may start when there is work for them; 0 if it starts none
     */
    public SlotPool(BooleanSupplier ended, int mostSlots) {
        this(System::nanoTime, ended, mostSlots);
    }

    SlotPool(LongSupplier nanos, BooleanSupplier ended, int mostSlots) {
        this.nanos = nanos;
        this.ended = ended;
        this.mostSlots = mostSlots;
    }

    /**
     * An executor that gets nothing at the moment.
     *
     * @param place for people, for example {@code executor 3 on host-b}
     * @param until when it is tried again; null if never
     */
    public record Kept(
            String place, String reason, @Nullable Instant until) {}

    /** Whom to tell of changes from now on; what came before is not told. */
    public void follow(SlotNews follower) {
        news.follow(follower);
    }

    /** Nobody is told any more. */
    public void unfollow() {
        news.follow(null);
    }

    /** An executor can take tasks. */
    public synchronized void come(String executor, String host, int slots) {
        members.put(executor, new Member(executor, host, slots));
        hostOf.put(executor, host);
        int all = slots();
        news.add(to -> to.came(executor, host, all));
        notifyAll();
    }

    /** An executor that came is to get nothing. */
    public synchronized void refuse(String executor, String why) {
        Member member = members.get(executor);
        if (member != null && member.unusable == null) {
            member.unusable = why;
            news.add(to -> to.unusable(executor, member.host, why));
        }
    }

    /** An executor is gone. */
    public synchronized void go(String executor, String reason) {
        Member member = members.remove(executor);
        if (member != null) {
            int all = slots();
            news.add(to -> to.lost(executor, member.host, reason, all));
            notifyAll();
        }
    }

    /** Executors that are there. */
    public synchronized int executors() {
        return members.size();
    }

    /** Slots that work can count on: of all executors there are or, where Spark starts some for it, may be. */
    public synchronized int slots() {
        int there = members.values().stream()
                .filter(member -> member.unusable == null)
                .mapToInt(member -> member.slots)
                .sum();
        return Math.max(there, mostSlots);
    }

    /** Executors and machines that get nothing at the moment. */
    public synchronized List<Kept> kept() {
        long now = nanos.getAsLong();
        List<Kept> kept = new ArrayList<>();
        for (Member member : members.values()) {
            if (member.unusable != null) {
                kept.add(new Kept(member.name(), member.unusable, null));
            } else if (member.trust.isBarred(now)) {
                kept.add(kept(member.name(), member.trust, now));
            }
        }
        hosts.forEach((host, trust) -> {
            if (trust.isBarred(now)) {
                kept.add(kept("machine " + host, trust, now));
            }
        });
        return kept;
    }

    private static Kept kept(String place, Trust trust, long now) {
        return new Kept(place, trust.lastReason(), Instant.now().plus(trust.left(now)));
    }

    /**
     * Waits for slots, and takes them.
     *
     * @param wanted slots, of one executor or several; fewer if there are fewer in all
     * @param work what it is for: where this has failed it is not given again, if there are others
     * @throws IllegalStateException if the pool is closed, Spark's application has ended or the thread is interrupted
     */
    public synchronized Placement take(int wanted, String work) {
        long since = nanos.getAsLong();
        while (true) {
            if (closed || ended.getAsBoolean()) {
                throw new IllegalStateException("There are no slots any more: the run ends");
            }
            boolean choosy = nanos.getAsLong() - since < CHOOSY.toNanos();
            Placement found = find(wanted, work, choosy);
            if (found != null) {
                return found;
            }
            try {
                wait(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for a slot", e);
            }
        }
    }

    /** What was taken is free again. */
    public synchronized void giveBack(Placement placement) {
        if (placement.executors().isEmpty()) {
            toBeStarted--;
        }
        for (String executor : placement.executors()) {
            Member member = members.get(executor);
            if (member != null) {
                member.busy--;
            }
        }
        notifyAll();
    }

    private @Nullable Placement find(int wanted, String work, boolean choosy) {
        List<Member> good = candidates(choosy ? failedOn.getOrDefault(work, Set.of()) : Set.of());
        int inAll = good.stream().mapToInt(member -> limit(member, good)).sum();
        List<Member> chosen = freest(good, Math.min(wanted, inAll), lastOn.get(work));
        Set<String> refused = members.values().stream()
                .filter(member -> !good.contains(member))
                .map(member -> member.executor)
                .collect(Collectors.toSet());
        if (inAll > 0 && chosen.size() == Math.min(wanted, inAll)) {
            chosen.forEach(member -> member.busy++);
            return new Placement(
                    chosen.stream().map(member -> member.executor).toList(),
                    chosen.stream().map(Member::location).toList(),
                    refused);
        }
        int there = members.values().stream().mapToInt(member -> member.slots).sum();
        // An idle executor would be given what Spark is to start another one for, and refuse it.
        boolean idle =
                members.values().stream().anyMatch(member -> !good.contains(member) && member.busy < member.slots);
        if (wanted == 1 && there + toBeStarted < mostSlots && !idle) {
            toBeStarted++;
            return new Placement(List.of(), List.of(), refused);
        }
        return null;
    }

    /** The executors to choose from: as many of the wishes as leave any are kept. */
    private List<Member> candidates(Set<String> avoided) {
        long now = nanos.getAsLong();
        List<Member> usable = members.values().stream()
                .filter(member -> member.unusable == null)
                .toList();
        List<Member> trusted = orAll(usable, member -> !isBarred(member, now));
        return orAll(trusted, member -> !avoided.contains(member.executor));
    }

    private static List<Member> orAll(List<Member> members, Predicate<Member> wish) {
        List<Member> found = members.stream().filter(wish).toList();
        return found.isEmpty() ? members : found;
    }

    private boolean isBarred(Member member, long now) {
        return member.trust.isBarred(now) || trustOf(member.host).isBarred(now);
    }

    private boolean isSuspect(Member member) {
        return member.trust.isSuspect() || trustOf(member.host).isSuspect();
    }

    private Trust trustOf(String host) {
        return hosts.computeIfAbsent(host, unused -> new Trust());
    }

    /** One work is enough to find out whether a suspect executor works again, as long as there are others. */
    private int limit(Member member, List<Member> candidates) {
        return isSuspect(member) && candidates.stream().anyMatch(other -> !isSuspect(other)) ? 1 : member.slots;
    }

    /** Slot by slot of the executor where the work was last, or that has most of them free. */
    private List<Member> freest(List<Member> candidates, int wanted, @Nullable String last) {
        Map<Member, Integer> free = new LinkedHashMap<>();
        candidates.forEach(member -> free.put(member, limit(member, candidates) - member.busy));
        List<Member> chosen = new ArrayList<>();
        while (chosen.size() < wanted) {
            Member next = free.entrySet().stream()
                    .filter(each -> each.getValue() > 0)
                    .max(Comparator.comparing((Map.Entry<Member, Integer> each) ->
                                    each.getKey().executor.equals(last))
                            .thenComparing(Map.Entry.comparingByValue()))
                    .map(Map.Entry::getKey)
                    .orElse(null);
            if (next == null) {
                return chosen;
            }
            free.merge(next, -1, Integer::sum);
            chosen.add(next);
        }
        return chosen;
    }

    /** A work succeeded on an executor. */
    public synchronized void succeeded(String executor, String work) {
        lastOn.put(work, executor);
        failedOn.values().forEach(executors -> executors.remove(executor));
        failedOn.values().removeIf(Set::isEmpty);
        Member member = members.get(executor);
        if (member != null && member.trust.succeeded()) {
            String place = member.name();
            news.add(to -> to.trusted(place));
        }
        String host = hostOf.get(executor);
        if (host != null && trustOf(host).succeeded() && executorsOf(host) > 1) {
            news.add(to -> to.trusted("machine " + host));
        }
        notifyAll();
    }

    /** A work failed on an executor, or the executor under it. */
    public synchronized void failed(String executor, String work, String reason) {
        failedOn.computeIfAbsent(work, unused -> new HashSet<>()).add(executor);
        long now = nanos.getAsLong();
        Member member = members.get(executor);
        boolean ofExecutor = member != null && member.trust.failed(work, reason, 2, now);
        String host = hostOf.get(executor);
        // Each of a machine's executors may have a broken card of its own; all of them have not.
        int executors = host == null ? 0 : executorsOf(host);
        boolean ofHost = host != null && trustOf(host).failed(work, reason, executors + 1, now);
        if (members.values().stream().allMatch(each -> each.unusable != null || isBarred(each, now))) {
            trustAll();
        } else {
            if (member != null && ofExecutor) {
                tellBarred(member.name(), member.trust, now);
            }
            if (host != null && ofHost && executors != 1) {
                tellBarred("machine " + host, trustOf(host), now);
            }
        }
        notifyAll();
    }

    /** Where all fail, it is none of them. */
    private void trustAll() {
        boolean told =
                members.values().stream().filter(each -> each.unusable == null).count() > 1;
        members.values().forEach(each -> each.trust.succeeded());
        hosts.values().forEach(Trust::succeeded);
        if (told) {
            news.add(SlotNews::allFail);
        }
    }

    private int executorsOf(String host) {
        return (int) members.values().stream()
                .filter(member -> member.host.equals(host))
                .count();
    }

    private void tellBarred(String place, Trust trust, long now) {
        Duration left = trust.left(now);
        int failures = trust.failures();
        String reason = trust.lastReason();
        news.add(to -> to.barred(place, failures, left, reason));
    }

    /** Nobody gets a slot any more. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Returns when all changes so far have been told, and tells no further ones. */
    public void endNews() {
        news.close();
    }
}
