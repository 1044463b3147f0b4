package org.focaldistill.sweep.stop;

import java.io.Serializable;

/**
 * What an epoch gave on the held-out images.
 *
 * @param ce cross entropy in nats
 * @param top1 accuracy in [0, 1]
 */
public record HeldOut(double ce, double top1) implements Serializable {}
