package org.focaldistill.sweep.noise;

/** What the best cell was chosen by. */
public enum ChosenBy {
    /** Images that were held out from training and testing. */
    HELD_OUT("held-out images"),
    /** Test numbers of other seeds than the one whose test number is told. */
    OTHER_SEEDS("other seeds"),
    /** The very test numbers that are told of it. */
    TEST("test");

    private final String words;

    ChosenBy(String words) {
        this.words = words;
    }

    /** What follows "chosen on". */
    public String words() {
        return words;
    }
}
