package org.focaldistill.spark.gpu;

import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.focaldistill.text.MachineName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds each executor to its GPU when it starts, before any task, and tells the driver, as what it runs networks on where
 * it has none.
 * Spark makes it by its name.
 */
public final class GpuPlugin implements SparkPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(GpuPlugin.class);

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Map<String, String> init(SparkContext spark, PluginContext context) {
                ExecutorReports.OF_THIS_DRIVER.clear();
                // Executors come when the plugins are there, not before.
                spark.addSparkListener(new ExecutorWatch(ExecutorReports.OF_THIS_DRIVER));
                return Map.of();
            }

            @Override
            public Object receive(Object message) {
                ExecutorReports.OF_THIS_DRIVER.add((ExecutorReport) message);
                return true;
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            /**
             * Tells what is wrong instead of throwing it: Spark would start the executor again and again, and nobody
             * would read why it ended.
             */
            @Override
            public void init(PluginContext context, Map<String, String> unused) {
                // Before anything loads JavaCPP, which is told its limit.
                MemoryLook memory = MemoryLook.now(context.conf());
                boolean local = GpuSettings.isLocal(context.conf());
                GpuBinding binding = GpuBinding.ofThisProcess(context.resources(), local);
                try {
                    Object unusedAnswer =
                            context.ask(binding.report(context.executorID(), MachineName.get(), local, memory));
                } catch (Exception e) {
                    LOG.error("Cannot tell the driver what this executor is bound to; it will wait in vain", e);
                }
            }
        };
    }
}
