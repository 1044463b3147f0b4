package org.focaldistill.testing;

import java.util.Locale;
import java.util.TimeZone;

/** The Java runtime's defaults of another place, until closed. */
public final class Defaults implements AutoCloseable {
    private final Locale locale = Locale.getDefault();
    private final TimeZone zone = TimeZone.getDefault();

    /**
     * Sets them.
     *
     * @param locale a language tag; numerals of its own, as {@code ar-EG} has, are those of {@code String.format}, too
     * @param zone as {@code Asia/Tokyo}
     */
    public Defaults(String locale, String zone) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
    }

    @Override
    public void close() {
        Locale.setDefault(locale);
        TimeZone.setDefault(zone);
    }
}
