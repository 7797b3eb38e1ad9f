package dev.spate.cli.demo;

import dev.spate.classic.descriptor.DescriptorDemo;
import dev.spate.cli.view.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A whole descriptor network on the loopback interface, in a temporary folder of which nothing stays. */
public final class DescriptorRun {
    private DescriptorRun() {}

    /**
     * Runs it.
     *
     * @param size bytes of the file
     * @param limit after which it ends, complete or not
     */
    public static DescriptorDemo.Report run(Progress progress, long size, Duration limit)
            throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("spate-descriptor-");
        try (DescriptorDemo demo = new DescriptorDemo(home, progress::say)) {
            return demo.run(size, limit);
        } finally {
            DemoData.delete(home);
        }
    }
}
