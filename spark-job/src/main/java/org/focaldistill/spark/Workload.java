package org.focaldistill.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * What the trainings of a run have done and have left to do, in the multiply-adds of {@link ImageCost}. A training's images
 * are known from its executors while a leg goes on, a heartbeat late, and from its epochs when the next leg begins.
 */
final class Workload {
    private final Map<String, Share> shares = new LinkedHashMap<>();
    private final ToLongFunction<String> trainedImages;
    private boolean begun;

    /**
     * A training of the run.
     *
     * @param id group of its jobs
     * @param epochs of the whole training
     * @param saved epochs that earlier runs left in a checkpoint
     * @param imagesAnEpoch that it trains on
     * @param costOfImage in multiply-adds
     */
    record Training(String id, int epochs, int saved, long imagesAnEpoch, double costOfImage) {}

    /** A training and where it is. */
    private static final class Share {
        private final Training training;
        private final long imagesBefore;
        private int from;
        /** Images told of that do not count for the epochs after {@code from}. */
        private long imagesAtLeg;

        private boolean begun;
        private boolean over;

        Share(Training training, long images) {
            this.training = training;
            this.imagesBefore = images;
            this.imagesAtLeg = images;
            this.from = training.saved();
        }

        long imagesLeft(long images) {
            if (over) {
                return 0;
            }
            long afterLeg = (training.epochs() - from) * training.imagesAnEpoch();
            return afterLeg - Math.max(0, Math.min(afterLeg, images - imagesAtLeg));
        }
    }

    /** @param trainedImages that a training's jobs have told of so far, by its id; never less than before */
    Workload(List<Training> trainings, ToLongFunction<String> trainedImages) {
        this.trainedImages = trainedImages;
        trainings.forEach(each -> shares.put(each.id(), new Share(each, trainedImages.applyAsLong(each.id()))));
    }

    int trainings() {
        return shares.size();
    }

    /** A leg begins, from that many completed epochs. */
    synchronized void leg(String id, int from) {
        Share share = share(id);
        long images = trainedImages.applyAsLong(id);
        // The last images of a leg may be told of when the next one has begun; those of a failed leg are lost.
        long ofEpochs = share.begun ? Math.max(0, from - share.from) * share.training.imagesAnEpoch() : 0;
        share.imagesAtLeg = Math.max(images, share.imagesAtLeg + ofEpochs);
        share.from = from;
        share.begun = true;
        begun = true;
    }

    /** A leg failed: what it trained is to be trained again. */
    synchronized void lost(String id) {
        Share share = share(id);
        share.imagesAtLeg = Math.max(share.imagesAtLeg, trainedImages.applyAsLong(id));
    }

    /** A training has ended, or is given up. */
    synchronized void over(String id) {
        share(id).over = true;
    }

    /** One that was given up is not. */
    synchronized void again(String id) {
        share(id).over = false;
    }

    private Share share(String id) {
        return Objects.requireNonNull(shares.get(id), id);
    }

    /** Whether any leg has begun. */
    synchronized boolean begun() {
        return begun;
    }

    /** Images trained in this run, those that were lost included. */
    synchronized long images() {
        return shares.values().stream().mapToLong(this::trained).sum();
    }

    /** Multiply-adds done in this run, those that were lost included. */
    synchronized double done() {
        return shares.values().stream()
                .mapToDouble(share -> trained(share) * share.training.costOfImage())
                .sum();
    }

    private long trained(Share share) {
        return trainedImages.applyAsLong(share.training.id()) - share.imagesBefore;
    }

    /** Multiply-adds to be done. */
    synchronized double left() {
        return shares.values().stream()
                .mapToDouble(share ->
                        share.imagesLeft(trainedImages.applyAsLong(share.training.id())) * share.training.costOfImage())
                .sum();
    }
}
