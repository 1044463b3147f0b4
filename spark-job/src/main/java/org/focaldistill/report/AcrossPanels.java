package org.focaldistill.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.NumericSetting;
import org.jspecify.annotations.Nullable;

/** What a report has of all panels together. */
record AcrossPanels(List<VariantTable> variants, TradeOffSection tradeOffs, SurfaceSection surfaces) {

    /** @param axes of the surfaces; null for the first two that vary */
    static AcrossPanels of(List<Panel> panels, List<Finished> finished, @Nullable List<NumericSetting> axes) {
        return new AcrossPanels(
                VariantTable.of(finished), TradeOffSection.of(panels), SurfaceSection.of(finished, axes));
    }

    /** Those that have anything to show. */
    List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        if (!variants.isEmpty()) {
            sections.add(new VariantSection(variants));
        }
        if (!tradeOffs.isEmpty()) {
            sections.add(tradeOffs);
        }
        if (!surfaces.isEmpty()) {
            sections.add(surfaces);
        }
        return sections;
    }

    /** Their pictures by the names of files without suffix. */
    Map<String, Chart> pictures() {
        Map<String, Chart> pictures = new LinkedHashMap<>();
        Stream<Chart> ofTradeOffs = tradeOffs.isEmpty() ? Stream.empty() : tradeOffs.charts().stream();
        Stream.concat(ofTradeOffs, surfaces.charts().stream()).forEach(chart -> {
            String name = "all-" + chart.slug();
            int number = 2;
            while (pictures.putIfAbsent(name, chart.titled(chart.title())) != null) {
                name = "all-" + chart.slug() + "-" + number++;
            }
        });
        return pictures;
    }
}
