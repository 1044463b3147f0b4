package org.focaldistill.sweep.stop;

import java.io.Serializable;

/**
 * That a trial is to end, with the epochs it has.
 *
 * @param epochs that it has completed
 * @param detail for people: by which rule, at which epoch, against how many trials
 */
public record Stop(int epochs, String detail) implements Serializable {}
