package org.focaldistill.sweep.noise;

/**
 * An estimate of a variance.
 *
 * @param degreesOfFreedom of it, not always whole
 */
record MeanSquare(double value, double degreesOfFreedom) {

    static MeanSquare of(double squares, int degreesOfFreedom) {
        return new MeanSquare(squares / degreesOfFreedom, degreesOfFreedom);
    }

    double squaredByDf() {
        return value * value / degreesOfFreedom;
    }
}
