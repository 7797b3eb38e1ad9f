package dev.spate.io.nat;

import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What is said to and understood of a UPnP Internet Gateway Device, without sockets: the search (UPnP Device Architecture 1.1), the
 * description, and the actions of WANIPConnection 1 and 2.
 *
 * <p>The XML is a stranger's: no document type, no entities, bounded in size, depth and number of elements.
 */
final class Igd {

    /** Bytes of a description or answer; real ones have some thousand. */
    static final int MAX_XML = 256 * 1024;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_ELEMENTS = 4096;

    /** The services that can map ports, the best first. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final List<String> SERVICES = List.of(
            "urn:schemas-upnp-org:service:WANIPConnection:2",
            "urn:schemas-upnp-org:service:WANIPConnection:1",
            "urn:schemas-upnp-org:service:WANPPPConnection:1");

    /** What is searched for; a gateway of version 2 answers to version 1 as well. */
    static final List<String> TARGETS = List.of(
            "urn:schemas-upnp-org:device:InternetGatewayDevice:1", "urn:schemas-upnp-org:service:WANIPConnection:1");

    /** Where a gateway takes actions. */
    record Service(String type, URI control) {
        boolean isVersion2() {
            return type.endsWith(":2");
        }
    }

    private Igd() {}

    /** The search, for everybody in the network. */
    static String search(String target) {
        return "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " + target
                + "\r\n\r\n";
    }

    /**
     * Where the description is, of an answer to the search.
     *
     * @param from who answered; a description elsewhere is not fetched, or anybody could make us knock at any door
     */
    static Optional<URI> location(String answer, String from) {
        if (!answer.startsWith("HTTP/1.1 200")) {
            return Optional.empty();
        }
        return answer.lines()
                .filter(line -> line.regionMatches(true, 0, "location:", 0, 9))
                .findFirst()
                .flatMap(line -> url(line.substring(9).strip()))
                .filter(url -> from.equals(url.getHost()));
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = URI.create(text);
            return "http".equals(url.getScheme()) && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The best service of a description; its place must be where the description is. */
    static Optional<Service> service(byte[] description, URI location) {
        Map<String, String> controls = new LinkedHashMap<>();
        String[] type = {""};
        boolean good = walk(description, (element, text) -> {
            switch (element) {
                case "serviceType" -> type[0] = text;
                case "controlURL" -> controls.putIfAbsent(type[0], text);
                default -> {}
            }
        });
        if (!good) {
            return Optional.empty();
        }
        for (String each : SERVICES) {
            String control = controls.get(each);
            if (control != null) {
                return resolve(location, control).map(url -> new Service(each, url));
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> resolve(URI location, String control) {
        try {
            return url(location.resolve(control).toString())
                    .filter(url -> url.getHost().equals(location.getHost()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The header that names an action. */
    static String soapAction(Service service, String action) {
        return "\"" + service.type() + "#" + action + "\"";
    }

    /** An action with its arguments, in the order of the specification; they are ours and need no escaping. */
    static String action(Service service, String action, Map<String, String> arguments) {
        var body = new StringBuilder("<?xml version=\"1.0\"?>\r\n")
                .append("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" ")
                .append("s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:")
                .append(action)
                .append(" xmlns:u=\"")
                .append(service.type())
                .append("\">");
        arguments.forEach((name, value) -> body.append('<')
                .append(name)
                .append('>')
                .append(value)
                .append("</")
                .append(name)
                .append('>'));
        return body.append("</u:")
                .append(action)
                .append("></s:Body></s:Envelope>\r\n")
                .toString();
    }

    /** Every element with text of an answer, by its name; empty if it is no good XML. */
    static Map<String, String> values(byte[] answer) {
        Map<String, String> values = new LinkedHashMap<>();
        return walk(answer, values::putIfAbsent) ? values : Map.of();
    }

    private interface Visitor {
        void element(String name, String text);
    }

    /** UPnP's XML is UTF-8. It is read here, for about bytes that are not the JDK's XML reader speaks to standard error. */
    private static String text(byte[] xml) {
        String text = new String(xml, StandardCharsets.UTF_8);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** Tells each element that has only text; false if the XML is broken or beyond the bounds. */
    private static boolean walk(byte[] xml, Visitor visitor) {
        if (xml.length > MAX_XML) {
            return false;
        }
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text(xml)));
            int depth = 0;
            int elements = 0;
            String text = "";
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        text = "";
                        if (++depth > MAX_DEPTH || ++elements > MAX_ELEMENTS) {
                            return false;
                        }
                    }
                    case XMLStreamConstants.CHARACTERS -> text = reader.getText();
                    case XMLStreamConstants.END_ELEMENT -> {
                        depth--;
                        visitor.element(reader.getLocalName(), text.strip());
                        text = "";
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> {
                        return false;
                    }
                    default -> {}
                }
            }
            return true;
        } catch (XMLStreamException | MissingResourceException broken) {
            // The JDK's reader has no words for some broken DTDs.
            return false;
        }
    }
}
