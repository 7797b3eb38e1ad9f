/** How running transfers are shown: live in a terminal, as plain lines, or as JSON. */
package dev.spate.cli.view;
