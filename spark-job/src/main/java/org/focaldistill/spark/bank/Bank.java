package org.focaldistill.spark.bank;

import java.io.Serializable;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankKey;

/**
 * A teacher's bank as an executor uses it.
 *
 * @param key whose logits it holds, and where
 * @param teacher what computes the missing ones
 * @param data the images
 */
public record Bank(BankKey key, TeacherLocation teacher, DataLocation data) implements Serializable {}
