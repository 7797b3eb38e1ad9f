package dev.spate.cli;

import picocli.CommandLine.Command;

/** {@code spate descriptor}: the network of descriptor files. */
@Command(
        name = "descriptor",
        mixinStandardHelpOptions = true,
        description = {
            "Shares files without tracker and DHT: who has a descriptor file asks the nodes that it names,",
            "which pass the question on until somebody knows who has the file."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DescriptorCreateCommand.class,
            DescriptorShareCommand.class,
            DescriptorJoinCommand.class,
            DescriptorNodeCommand.class
        })
final class DescriptorCommand {}
