package dev.spate.io.nat;

import dev.spate.io.nat.Mapping.Method;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Maps ports at a UPnP gateway: which actions are taken, and what follows from the answers. The bytes are carried by a {@link Carrier}.
 *
 * <p>A port that somebody else has outside is not fought for: the next ones are tried. Not for several threads.
 */
final class UpnpMapper {

    /** Carries what is said; blocks. */
    interface Carrier {
        /** The descriptions of those who answer the search, a few at most. */
        List<URI> search() throws IOException;

        byte[] get(URI url) throws IOException;

        /** Takes an action; the answer of a refusal counts as well. */
        byte[] post(URI url, String soapAction, String body) throws IOException;

        /** Our own address on the way to a host. */
        InetAddress localAddress(URI towards) throws IOException;
    }

    /** Two hours, as for the other protocols. Gateways of UPnP before version 2 may know permanent mappings only. */
    static final int LEASE_SECONDS = 7200;

    /** Ports that are tried one after the other when somebody else has the one that is wished for. */
    static final int MAX_PORTS = 8;

    /** WANIPConnection 2, section 2.5.16.4. */
    private static final int CONFLICT = 718;

    private static final int ONLY_PERMANENT = 725;
    private static final int NOT_FREE = 728;

    private final Carrier carrier;
    private final List<Wanted> wanted;
    private final Map<Wanted, Integer> external = new LinkedHashMap<>();
    private Igd.@Nullable Service service;
    private @Nullable InetAddress externalAddress;
    private boolean onlyPermanent;

    UpnpMapper(Carrier carrier, List<Wanted> wanted) {
        this.carrier = carrier;
        this.wanted = List.copyOf(wanted);
    }

    /** Maps what is not mapped, and renews what is. Finds the gateway first, also when it was lost. */
    List<Mapping> map() {
        List<Mapping> all = new ArrayList<>();
        String trouble = "";
        try {
            find();
        } catch (IOException e) {
            trouble = reason(e);
        }
        for (Wanted each : wanted) {
            String why = trouble;
            if (why.isEmpty()) {
                try {
                    why = map(each);
                } catch (IOException e) {
                    why = reason(e);
                    // Found anew next time: gateways change their places when they are restarted.
                    service = null;
                }
            }
            if (!why.isEmpty()) {
                external.remove(each);
            }
            all.add(new Mapping(each, Method.UPNP, externalAddress, external.getOrDefault(each, 0), why));
        }
        return all;
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private void find() throws IOException {
        if (service != null) {
            return;
        }
        for (URI location : carrier.search()) {
            Optional<Igd.Service> found = Igd.service(carrier.get(location), location);
            if (found.isPresent()) {
                service = found.get();
                externalAddress = askAddress(found.get());
                return;
            }
        }
        throw new IOException("no gateway answers");
    }

    private @Nullable InetAddress askAddress(Igd.Service at) throws IOException {
        String text = act(at, "GetExternalIPAddress", Map.of()).getOrDefault("NewExternalIPAddress", "");
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private Map<String, String> act(Igd.Service at, String action, Map<String, String> arguments) throws IOException {
        return Igd.values(carrier.post(at.control(), Igd.soapAction(at, action), Igd.action(at, action, arguments)));
    }

    /** Maps one port; returns why not, or nothing. */
    private String map(Wanted one) throws IOException {
        Igd.Service at = service;
        if (at == null) {
            return "the gateway is lost";
        }
        int first = external.getOrDefault(one, one.port());
        String last = "";
        for (int tries = 0; tries < MAX_PORTS; tries++) {
            // Upwards, and from the top to the lowest port that needs no privilege.
            int port = first + tries <= 65535 ? first + tries : 1023 + first + tries - 65535;
            Map<String, String> answer = add(at, one, port);
            int error = error(answer);
            if (error == ONLY_PERMANENT && !onlyPermanent) {
                onlyPermanent = true;
                answer = add(at, one, port);
                error = error(answer);
            }
            if (error == 0) {
                external.put(one, number(answer.getOrDefault("NewReservedPort", ""), port));
                return "";
            }
            last = "the gateway says " + error + " " + answer.getOrDefault("errorDescription", "");
            if (error != CONFLICT && error != NOT_FREE) {
                return last;
            }
        }
        return last;
    }

    private Map<String, String> add(Igd.Service at, Wanted one, int port) throws IOException {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("NewRemoteHost", "");
        arguments.put("NewExternalPort", Integer.toString(port));
        arguments.put("NewProtocol", one.transport().name());
        arguments.put("NewInternalPort", Integer.toString(one.port()));
        arguments.put("NewInternalClient", carrier.localAddress(at.control()).getHostAddress());
        arguments.put("NewEnabled", "1");
        arguments.put("NewPortMappingDescription", "Spate " + one.transport());
        arguments.put("NewLeaseDuration", onlyPermanent ? "0" : Integer.toString(LEASE_SECONDS));
        // Version 2 chooses another port itself when this one is taken; once one is ours it is kept.
        boolean any = at.isVersion2() && !external.containsKey(one);
        Map<String, String> answer = act(at, any ? "AddAnyPortMapping" : "AddPortMapping", arguments);
        if (answer.isEmpty()) {
            throw new IOException("the gateway's answer makes no sense");
        }
        return answer;
    }

    private static int error(Map<String, String> answer) {
        return number(answer.getOrDefault("errorCode", ""), answer.containsKey("faultcode") ? 501 : 0);
    }

    private static int number(String text, int otherwise) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : otherwise;
    }

    /** Deletes what is mapped. */
    void release() {
        Igd.Service at = service;
        for (Map.Entry<Wanted, Integer> each : external.entrySet()) {
            Map<String, String> arguments = new LinkedHashMap<>();
            arguments.put("NewRemoteHost", "");
            arguments.put("NewExternalPort", Integer.toString(each.getValue()));
            arguments.put("NewProtocol", each.getKey().transport().name());
            try {
                if (at != null) {
                    act(at, "DeletePortMapping", arguments);
                }
            } catch (IOException e) {
                // It ends with its lease.
                return;
            }
        }
    }
}
