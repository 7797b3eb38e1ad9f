package dev.spate.classic.course.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both configuration files, as they are met and as they should not be. */
class ConfigurationTest {
    private static final String COMMON = """
            NumberOfPreferredNeighbors 3
            UnchokingInterval 5
            OptimisticUnchokingInterval 10
            FileName thefile
            FileSize 2167705
            PieceSize 16384
            """;

    private static String problems(Parsed<?> parsed) {
        return parsed instanceof Parsed.Bad<?>(var problems) ? problems.toString() : "good";
    }

    @Test
    void readsTheOfficialSample() {
        Common expected = new Common(3, 5, 10, "thefile", new PieceLayout(2_167_705, 16_384));

        assertThat(Common.parse(COMMON)).isEqualTo(new Parsed.Good<>(expected));
        assertThat(expected.layout().pieces()).isEqualTo(133);
        assertThat(Common.parse(COMMON.strip().replace("\n", "  \r\n\r\n\t"))).isEqualTo(new Parsed.Good<>(expected));
        assertThat(Common.parse(expected.text())).isEqualTo(new Parsed.Good<>(expected));
    }

    @Test
    void saysWhatIsWrongInWhichLineAndWhatToDo() {
        assertThat(problems(Common.parse(COMMON.replace("16384", "0"))))
                .contains("Common.cfg:6: PieceSize is '0'; write a whole number from 1");
        assertThat(problems(Common.parse(COMMON.replace("thefile", "../thefile"))))
                .contains("Common.cfg:4: FileName", "plain name");
        assertThat(problems(Common.parse(COMMON.replace("FileName thefile", "FileName the file"))))
                .contains("Common.cfg:4: FileName has 2 values");
        assertThat(problems(Common.parse(COMMON + "FileSize 7")))
                .contains("Common.cfg:7: FileSize is in line 5 already");
        assertThat(problems(Common.parse(COMMON.replace("UnchokingInterval 5\n", ""))))
                .contains("there is no UnchokingInterval");
        assertThat(problems(Common.parse(COMMON + "Colour red"))).contains("'Colour' is not a key");
        assertThat(problems(Common.parse(COMMON.replace("2167705", "99999999999999999999"))))
                .contains("FileSize is");
        assertThat(problems(Common.parse(""))).contains("there is no FileName");
    }

    @Test
    void readsPeersWithTrailingBlanksAndWithoutALastNewline() {
        assertThat(PeerList.parse("1001 lin114-00.cise.ufl.edu 6001 1 \r\n\r\n1002 lin114-01.cise.ufl.edu 6001 0"))
                .isEqualTo(new Parsed.Good<>(new PeerList(List.of(
                        new PeerLine(1001, "lin114-00.cise.ufl.edu", 6001, true),
                        new PeerLine(1002, "lin114-01.cise.ufl.edu", 6001, false)))));
    }

    @Test
    void refusesPeersThatContradictEachOther() {
        assertThat(problems(PeerList.parse("1 a 1 1\n1 b 1 0")))
                .contains("PeerInfo.cfg:2: peer 1 is in line 1 already");
        assertThat(problems(PeerList.parse("1 a 1 1\n2 A 1 0"))).contains("PeerInfo.cfg:2: A:1 is in line 1 already");
        assertThat(problems(PeerList.parse("1 a 1 0\n2 a 2 0"))).contains("no peer has the file");
        assertThat(problems(PeerList.parse("1 a 1 1\n2 b 70000 0"))).contains("PeerInfo.cfg:2: the port is '70000'");
        assertThat(problems(PeerList.parse("0 a 1 1"))).contains("the id is '0'");
        assertThat(problems(PeerList.parse("1 -oProxyCommand=x 1 1"))).contains("the host is");
        assertThat(problems(PeerList.parse("1 a 1"))).contains("3 words");
        assertThat(problems(PeerList.parse("1 a 1 yes"))).contains("the file is 'yes'");
        assertThat(problems(PeerList.parse(""))).contains("there is no peer");
    }

    @Test
    void boundsWhatItReadsAndSays() {
        StringBuilder many = new StringBuilder();
        for (int i = 1; i <= PeerList.MAX_PEERS + 1; i++) {
            many.append(i).append(" h").append(i).append(" 6001 1\n");
        }
        assertThat(problems(PeerList.parse(many.toString()))).contains("more than 1000 peers");
        int said = PeerList.parse("x\n".repeat(1000)) instanceof Parsed.Bad<?>(var some) ? some.size() : 0;
        assertThat(said).isEqualTo(Lines.MOST_PROBLEMS);
        assertThat(problems(Common.parse("x".repeat(Lines.MAX_TEXT + 1)))).contains("more than");
    }
}
