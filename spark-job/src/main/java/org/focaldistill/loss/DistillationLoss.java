package org.focaldistill.loss;

import org.jspecify.annotations.Nullable;

/**
 * The focal-calibration distillation loss, value and gradient in one pass over the logits, in double precision:
 *
 * <pre>L = alpha T^2 KL(softmax(Zt/T) || softmax(Zs/T)) + beta CE(softmax(Zs), y) + gamma Focal(softmax(Zs), y)</pre>
 *
 * <p>With label smoothing s the label y counts as (1 - s) of itself and s of all classes alike; other forms of the distillation term
 * are a {@link DistillationTerm} each, and {@link ClassCalibration} may be added.
 *
 * <p>Everything is computed from log-softmax: {@code p_y} never underflows into {@code log 0}, and {@code 1 - p_y} comes
 * from {@code expm1}, so the focal term keeps its precision next to {@code p_y = 1}. Since {@code 0 < p_y <= 1}, {@code 0
 * <= Focal <= CE} holds for all forms that are focal losses.
 */
public final class DistillationLoss {
    private final LossSettings settings;

    /** @throws IllegalArgumentException if the temperature is above {@link LossSettings#LARGEST_TEMPERATURE} */
    public DistillationLoss(LossSettings settings) {
        if (settings.temperature() > LossSettings.LARGEST_TEMPERATURE) {
            throw new IllegalArgumentException("temperature must be at most 1e9, found " + settings.temperature());
        }
        this.settings = settings;
    }

    public LossSettings settings() {
        return settings;
    }

    /**
     * Means over the batch of the loss's components and, if asked for, the gradient of the weighted mean.
     *
     * @param student student logits {@code [batch, classes]}, row-major
     * @param teacher teacher logits of the same shape; null without a teacher, which leaves KL undefined (NaN)
     * @param labels the true classes {@code [batch]}
     * @param gradient receives dL/dZs {@code [batch, classes]}; null if not wanted
     * @throws IllegalArgumentException if shapes or labels do not fit, or alpha is above 0 without a teacher
     */
    public LossComponents evaluate(
            double[] student, double @Nullable [] teacher, int[] labels, double @Nullable [] gradient) {
        int classes = requireShapes(student, teacher, labels);
        Sample sample = new Sample(classes);
        double kl = 0;
        double ce = 0;
        double focal = 0;
        double uniformCe = 0;
        for (int row = 0; row < labels.length; row++) {
            sample.read(student, teacher, row, labels[row]);
            kl += teacher == null ? Double.NaN : sample.divergence.value();
            ce += sample.ce();
            focal += sample.focal();
            uniformCe += sample.uniformCe();
            if (gradient != null) {
                sample.writeGradient(gradient, row * classes, labels.length, teacher != null);
            }
        }
        int images = labels.length;
        return new LossComponents(
                kl / images,
                ce / images,
                focal / images,
                uniformCe / images,
                isPlain() ? kl / images : distillation(student, teacher, labels, gradient),
                calibration(student, labels, gradient));
    }

    private boolean isPlain() {
        return settings.distillation().form() == DistillationForm.KL;
    }

    /** Adds its part to the gradient. */
    private double distillation(
            double[] student, double @Nullable [] teacher, int[] labels, double @Nullable [] gradient) {
        if (teacher == null) {
            return Double.NaN;
        }
        double alpha = settings.weights().alpha();
        return DistillationTerm.of(settings, student.length / labels.length)
                .evaluate(student, teacher, labels, alpha, alpha == 0 ? null : gradient);
    }

    /** Adds its part to the gradient. */
    private double calibration(double[] student, int[] labels, double @Nullable [] gradient) {
        double weight = settings.calibrationWeight();
        return weight == 0 ? Double.NaN : ClassCalibration.evaluate(student, labels, weight, gradient);
    }

    private int requireShapes(double[] student, double @Nullable [] teacher, int[] labels) {
        if (labels.length == 0 || student.length % labels.length != 0) {
            throw new IllegalArgumentException(
                    student.length + " student logits do not fit " + labels.length + " labels");
        }
        if (teacher == null && settings.weights().alpha() > 0) {
            throw new IllegalArgumentException(
                    "alpha is " + settings.weights().alpha() + " but there are no teacher logits");
        }
        if (teacher != null && teacher.length != student.length) {
            throw new IllegalArgumentException(
                    teacher.length + " teacher logits do not fit " + student.length + " student logits");
        }
        int classes = student.length / labels.length;
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("Label " + label + " is not one of " + classes + " classes");
            }
        }
        return classes;
    }

    /** One sample's terms; the arrays are used again for each. */
    private final class Sample {
        private final int classes;
        private final double[] logP;
        private final Divergence divergence;
        private int label;

        Sample(int classes) {
            this.classes = classes;
            logP = new double[classes];
            divergence = new Divergence(settings.klDirection(), settings.temperature(), classes);
        }

        void read(double[] student, double @Nullable [] teacher, int row, int trueClass) {
            label = trueClass;
            LogSoftmax.of(student, row * classes, classes, 1, logP, 0);
            if (teacher != null) {
                divergence.read(student, teacher, row * classes);
            }
        }

        double ce() {
            return -logP[label];
        }

        double uniformCe() {
            double sum = 0;
            for (double logProbability : logP) {
                sum -= logProbability;
            }
            return sum / classes;
        }

        double focal() {
            return switch (settings.focalForm()) {
                case FIXED, FLSD53, DUAL -> modulation() * ce();
                case LOST_MINUS -> -modulation() * ce();
                case ENTROPY_BOUND -> ce() - settings.focalExponent() * entropy();
            };
        }

        /** {@code (1 - p_y)^exponent}, or that of {@link #doubt}. */
        private double modulation() {
            return Math.pow(doubt(), exponent());
        }

        /** {@code 1 - p_y}; of the dual form {@code 1 - p_y + p_j}. */
        private double doubt() {
            double rest = -Math.expm1(logP[label]);
            int rival = settings.focalForm() == FocalForm.DUAL ? rival() : label;
            return rival == label ? rest : rest + Math.exp(logP[rival]);
        }

        /** The likeliest of the classes that are less likely than the true one; that itself if there is none. */
        private int rival() {
            int rival = label;
            for (int k = 0; k < classes; k++) {
                if (logP[k] < logP[label] && (rival == label || logP[k] > logP[rival])) {
                    rival = k;
                }
            }
            return rival;
        }

        private double exponent() {
            if (settings.focalForm() == FocalForm.FLSD53) {
                return Math.exp(logP[label]) < 0.2 ? 5 : 3;
            }
            return settings.focalExponent();
        }

        private double entropy() {
            double sum = 0;
            for (double logProbability : logP) {
                sum -= Math.exp(logProbability) * logProbability;
            }
            return sum;
        }

        void writeGradient(double[] gradient, int from, int batch, boolean withTeacher) {
            LossWeights weights = settings.weights();
            double hardLabel = weights.beta() + (weights.gamma() == 0 ? 0 : weights.gamma() * focalPush());
            double entropyWeight =
                    settings.focalForm() == FocalForm.ENTROPY_BOUND ? weights.gamma() * settings.focalExponent() : 0;
            double entropy = entropyWeight == 0 ? 0 : entropy();
            double distillation = withTeacher && isPlain() ? weights.alpha() : 0;
            double smoothing = weights.beta() * settings.labelSmoothing();
            for (int k = 0; k < classes; k++) {
                double p = Math.exp(logP[k]);
                double slope = hardLabel * (p - (k == label ? 1 : 0));
                if (smoothing != 0) {
                    slope += smoothing * ((k == label ? 1 : 0) - 1.0 / classes);
                }
                if (entropyWeight != 0) {
                    slope += entropyWeight * p * (logP[k] + entropy);
                }
                if (distillation != 0) {
                    slope += distillation * settings.temperature() * divergence.slope(k);
                }
                gradient[from + k] = slope / batch;
            }
            if (settings.focalForm() == FocalForm.DUAL && weights.gamma() != 0) {
                addRivalry(gradient, from, weights.gamma() / batch);
            }
        }

        /** What the dual form's modulation adds: {@code e doubt^(e-1) CE d(p_j - p_y)/dZ}, {@code p_j} of no class being 0. */
        private void addRivalry(double[] gradient, int from, double scale) {
            double e = exponent();
            double doubt = doubt();
            if (e == 0 || doubt == 0) {
                return;
            }
            double push = scale * e * Math.pow(doubt, e - 1) * ce();
            int rival = rival();
            double p = Math.exp(logP[label]);
            double q = rival == label ? 0 : Math.exp(logP[rival]);
            for (int k = 0; k < classes; k++) {
                double own = Math.exp(logP[k]);
                gradient[from + k] += push * (q * ((k == rival ? 1 : 0) - own) - p * ((k == label ? 1 : 0) - own));
            }
        }

        /**
         * dFocal/dZ as a multiple of dCE/dZ: {@code (1-p)^e - e p (1-p)^(e-1) log p} (Mukhoti et al. 2020, section 4).
         * FLSD-53's exponent counts as a constant, as in its authors' code; of the dual form this is the part that holds the
         * modulation still.
         */
        private double focalPush() {
            if (settings.focalForm() == FocalForm.ENTROPY_BOUND) {
                return 1;
            }
            if (settings.focalForm() == FocalForm.DUAL) {
                return modulation();
            }
            double e = exponent();
            double rest = -Math.expm1(logP[label]);
            double push = Math.pow(rest, e);
            if (e > 0 && rest > 0) {
                push += e * Math.exp(logP[label]) * Math.pow(rest, e - 1) * ce();
            }
            return settings.focalForm() == FocalForm.LOST_MINUS ? -push : push;
        }
    }
}
