package dev.spate.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressScopeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "2001:4860::1"
            })
    void knowsPublicAddresses(String address) {
        assertThat(AddressScope.isPublic(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fdff::1",
                "ff02::1",
                "2001:db8::1",
                "2001::1",
                "3fff::1",
                "64:ff9b::192.168.0.1",
                "64:ff9b:1::1",
                "2002:c0a8:1::1",
                "100::1"
            })
    void knowsAddressesOfOneMachineOrNetwork(String address) {
        assertThat(AddressScope.isPublic(InetAddress.ofLiteral(address))).isFalse();
    }

    @Test
    void onlyThePublicMayNotRedirectToThePrivate() {
        InetAddress here = InetAddress.ofLiteral("192.168.1.1");
        InetAddress there = InetAddress.ofLiteral("9.9.9.9");
        InetAddress there6 = InetAddress.ofLiteral("2a00:1450::5");
        assertThat(HttpGet.mayRedirect(there, here)).isFalse();
        assertThat(HttpGet.mayRedirect(there6, InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(HttpGet.mayRedirect(there, there6)).isTrue();
        assertThat(HttpGet.mayRedirect(here, there)).isTrue();
        assertThat(HttpGet.mayRedirect(here, here)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST.", "a.localhost", "printer.local", "x.internal", "nas.home.arpa"})
    void knowsNamesThatStayInside(String name) {
        assertThat(AddressScope.isPrivateName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "local.example.org", "notlocal", "arpa"})
    void leavesOtherNamesAlone(String name) {
        assertThat(AddressScope.isPrivateName(name)).isFalse();
    }
}
