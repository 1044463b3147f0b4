package org.focaldistill.data;

/** Outlines of generated images, in a frame where they have radius 1 and y points down. All survive a flip. */
enum Shape {
    DISC {
        @Override
        double distance(double x, double y) {
            return radius(x, y) - 0.9;
        }
    },
    SQUARE {
        @Override
        double distance(double x, double y) {
            return Math.max(Math.abs(x), Math.abs(y)) - 0.82;
        }
    },
    TRIANGLE {
        @Override
        double distance(double x, double y) {
            return Math.max(y, Math.abs(x) * 0.866 - y * 0.5) - 0.55;
        }
    },
    RING {
        @Override
        double distance(double x, double y) {
            return Math.abs(radius(x, y) - 0.7) - 0.28;
        }
    },
    CROSS {
        @Override
        double distance(double x, double y) {
            double across = Math.max(Math.abs(x) - 1, Math.abs(y) - 0.34);
            double down = Math.max(Math.abs(x) - 0.34, Math.abs(y) - 1);
            return Math.min(across, down);
        }
    };

    /** About the distance to the outline: negative inside. */
    abstract double distance(double x, double y);

    private static double radius(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }
}
