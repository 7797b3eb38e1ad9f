package dev.spate.classic.fuzz;

import dev.spate.classic.course.fuzz.CommonFuzz;
import dev.spate.classic.course.fuzz.CourseMessageFuzz;
import dev.spate.classic.course.fuzz.LogFuzz;
import dev.spate.classic.course.fuzz.PeerListFuzz;
import dev.spate.classic.course.fuzz.PeerLookFuzz;
import dev.spate.classic.course.peer.CoursePeerFuzz;
import dev.spate.classic.descriptor.DatagramsFuzz;
import dev.spate.classic.descriptor.DescriptorFuzz;
import dev.spate.fuzzing.FuzzTargets;
import java.util.List;

/** The fuzz targets of this module. */
class FuzzTest extends FuzzTargets {
    FuzzTest() {
        super(List.of(
                DatagramsFuzz.class,
                DescriptorFuzz.class,
                CourseMessageFuzz.class,
                CoursePeerFuzz.class,
                CommonFuzz.class,
                PeerListFuzz.class,
                LogFuzz.class,
                PeerLookFuzz.class));
    }
}
