package dev.spate.io.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.io.nat.Mapping.Method;
import dev.spate.io.nat.Wanted.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UPnP with a gateway that the test plays. */
class UpnpTest {
    private static final URI HERE = URI.create("http://192.168.1.1:5000/rootDesc.xml");
    private static final Wanted TCP = new Wanted(Transport.TCP, 6881);

    /** A gateway that keeps a table, with the quirks of real ones. */
    private static final class FakeGateway implements UpnpMapper.Carrier {
        private final int version;
        private final Map<String, String> table = new TreeMap<>();
        private final List<String> actions = new ArrayList<>();
        private boolean onlyPermanent;
        private boolean gone;

        FakeGateway(int version) {
            this.version = version;
        }

        @Override
        public List<URI> search() throws IOException {
            return gone ? List.of() : List.of(URI.create("http://192.168.1.9/printer.xml"), HERE);
        }

        @Override
        public byte[] get(URI url) {
            return bytes(url.equals(HERE) ? description(version, "/ctl/IPConn") : "<root/>");
        }

        @Override
        public byte[] post(URI url, String soapAction, String body) throws IOException {
            if (gone) {
                throw new IOException("connection refused");
            }
            assertThat(url).isEqualTo(URI.create("http://192.168.1.1:5000/ctl/IPConn"));
            String action = soapAction.replaceAll(".*#|\"", "");
            Map<String, String> values = Igd.values(bytes(body));
            actions.add(action);
            String key = values.get("NewExternalPort") + " " + values.get("NewProtocol");
            switch (action) {
                case "GetExternalIPAddress" -> {
                    return bytes("<a><NewExternalIPAddress>203.0.113.9</NewExternalIPAddress></a>");
                }
                case "DeletePortMapping" -> table.remove(key);
                default -> {
                    if (onlyPermanent && !"0".equals(values.get("NewLeaseDuration"))) {
                        return fault(725);
                    }
                    if (table.containsKey(key)
                            && !values.get("NewInternalClient").equals(table.get(key))) {
                        return fault(718);
                    }
                    table.put(key, values.get("NewInternalClient"));
                    if (action.equals("AddAnyPortMapping")) {
                        return bytes("<a><NewReservedPort>50000</NewReservedPort></a>");
                    }
                }
            }
            return bytes("<a><b/></a>");
        }

        @Override
        public InetAddress localAddress(URI towards) {
            return InetAddress.ofLiteral("192.168.1.7");
        }

        private static byte[] fault(int code) {
            return bytes("<s:Envelope xmlns:s='x'><s:Fault><faultcode>s:Client</faultcode><errorCode>" + code
                    + "</errorCode><errorDescription>No</errorDescription></s:Fault></s:Envelope>");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String description(int version, String control) {
        return """
                <?xml version="1.0"?>
                <root xmlns="urn:schemas-upnp-org:device-1-0"><device><serviceList>
                <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
                <controlURL>/ctl/L3F</controlURL></service>
                <service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:%d</serviceType>
                <controlURL>%s</controlURL></service>
                </serviceList></device></root>
                """.formatted(version, control);
    }

    @Test
    void mapsRenewsAndDeletes() {
        var gateway = new FakeGateway(1);
        var mapper = new UpnpMapper(gateway, List.of(TCP, new Wanted(Transport.UDP, 6881)));
        assertThat(mapper.map().getFirst())
                .isEqualTo(new Mapping(TCP, Method.UPNP, InetAddress.ofLiteral("203.0.113.9"), 6881, ""));
        assertThat(gateway.table.keySet()).containsExactly("6881 TCP", "6881 UDP");
        assertThat(mapper.map()).allMatch(Mapping::isMapped);
        mapper.release();
        assertThat(gateway.table).isEmpty();
        assertThat(gateway.actions)
                .containsExactly(
                        "GetExternalIPAddress",
                        "AddPortMapping",
                        "AddPortMapping",
                        "AddPortMapping",
                        "AddPortMapping",
                        "DeletePortMapping",
                        "DeletePortMapping");
    }

    @Test
    void aPortThatSomebodyHasIsLeftToHim() {
        var gateway = new FakeGateway(1);
        gateway.table.put("6881 TCP", "192.168.1.99");
        gateway.table.put("6882 TCP", "192.168.1.99");
        var mapper = new UpnpMapper(gateway, List.of(TCP));
        assertThat(mapper.map().getFirst().externalPort()).isEqualTo(6883);
        assertThat(mapper.map().getFirst().externalPort()).isEqualTo(6883);
    }

    @Test
    void doesNotTryPortsWithoutEnd() {
        var gateway = new FakeGateway(1);
        for (int port = 6000; port < 8000; port++) {
            gateway.table.put(port + " TCP", "192.168.1.99");
        }
        assertThat(new UpnpMapper(gateway, List.of(TCP)).map().getFirst().trouble())
                .contains("718");
        assertThat(gateway.actions).hasSize(1 + UpnpMapper.MAX_PORTS);
    }

    @Test
    void aGatewayThatKnowsNoLeasesGetsPermanentMappings() {
        var gateway = new FakeGateway(1);
        gateway.onlyPermanent = true;
        assertThat(new UpnpMapper(gateway, List.of(TCP)).map().getFirst().isMapped())
                .isTrue();
    }

    @Test
    void version2ChoosesThePortAndItIsKept() {
        var gateway = new FakeGateway(2);
        var mapper = new UpnpMapper(gateway, List.of(TCP));
        assertThat(mapper.map().getFirst().externalPort()).isEqualTo(50_000);
        assertThat(mapper.map().getFirst().externalPort()).isEqualTo(50_000);
        assertThat(gateway.actions).containsExactly("GetExternalIPAddress", "AddAnyPortMapping", "AddPortMapping");
    }

    @Test
    void aGatewayThatGoesIsSaidSoAndFoundAgain() {
        var gateway = new FakeGateway(1);
        var mapper = new UpnpMapper(gateway, List.of(TCP));
        mapper.map();
        gateway.gone = true;
        assertThat(mapper.map().getFirst().trouble()).contains("refused");
        assertThat(mapper.map().getFirst().trouble()).contains("no gateway answers");
        gateway.gone = false;
        assertThat(mapper.map().getFirst().isMapped()).isTrue();
    }

    @Test
    void descriptionsAreFetchedFromWhoAnsweredOnly() {
        String answer = "HTTP/1.1 200 OK\r\nST: x\r\nLocation: http://192.168.1.1:5000/rootDesc.xml\r\n\r\n";
        assertThat(Igd.location(answer, "192.168.1.1")).contains(HERE);
        assertThat(Igd.location(answer, "192.168.1.2")).isEmpty();
        assertThat(Igd.location(answer.replace("http:", "file:"), "192.168.1.1"))
                .isEmpty();
        assertThat(Igd.location("NOTIFY * HTTP/1.1\r\nLocation: " + HERE, "192.168.1.1"))
                .isEmpty();
        assertThat(Igd.location("HTTP/1.1 200 OK\r\nLocation: http://[bad\r\n", "192.168.1.1"))
                .isEmpty();
    }

    @Test
    void actionsAreTakenWhereTheDescriptionIs() {
        assertThat(Igd.service(bytes(description(1, "/c")), HERE))
                .contains(new Igd.Service(
                        "urn:schemas-upnp-org:service:WANIPConnection:1", URI.create("http://192.168.1.1:5000/c")));
        assertThat(Igd.service(bytes("\uFEFF" + description(1, "/c")), HERE))
                .as("some gateways begin with a byte order mark")
                .isPresent();
        assertThat(Igd.service(bytes(description(1, "http://10.0.0.1/c")), HERE))
                .isEmpty();
        assertThat(Igd.service(bytes(description(1, "file:///etc/passwd")), HERE))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a><b>&x;</b></a>",
                "<!DOCTYPE a [<!ENTITY x 'y'>]><a><b>&x;</b></a>",
                "<a><b>",
                "no xml",
                ""
            })
    void xmlThatIsBadOrClevererThanItMustBeIsRefused(String xml) {
        assertThat(Igd.values(bytes(xml))).isEmpty();
    }

    @Test
    void xmlIsBoundedInDepthInElementsAndInSize() {
        assertThat(Igd.values(bytes("<a>".repeat(40) + "</a>".repeat(40)))).isEmpty();
        assertThat(Igd.values(bytes("<a>" + "<b/>".repeat(5000) + "</a>"))).isEmpty();
        assertThat(Igd.values(bytes("<a>" + " ".repeat(Igd.MAX_XML) + "</a>"))).isEmpty();
        assertThat(Igd.values(bytes("<a><b> c </b></a>"))).containsEntry("b", "c");
    }
}
