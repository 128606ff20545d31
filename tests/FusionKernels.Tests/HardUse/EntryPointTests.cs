using System.Reflection;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>The table of public calls is complete: what takes a device and a token stands in it, so soak, faults and cancellation reach it.</summary>
[TestFixture]
[Parallelizable]
public sealed class EntryPointTests
{
    /// <summary>What takes options but stands in no call of its own, and why.</summary>
    private static readonly Dictionary<string, string> s_exempt = new()
    {
        ["Gram.Plan"] = "computes nothing",
        ["Gram.PlanTo"] = "as above",
        ["FusionStrategy.Kernel"] = "makes a strategy, which runs nothing until it is fitted",
        ["FusionStrategy.SingleView"] = "as above",
        ["DeepCanonicalCorrelation.Load"] = "reads a file and uploads it; the fits of the table do the rest",
        ["ContrastiveAlignment.Load"] = "as above",
        ["AdversarialAlignment.Load"] = "as above",
        ["AdversarialTranslation.Load"] = "as above",
        ["AutoencoderAlignment.Load"] = "as above",
        ["CrossModalAlignment.Load"] = "as above",
        ["GraphAlignment.Load"] = "as above",
    };

    [Test]
    public void Every_operation_that_takes_options_is_called()
    {
        string[] called = [.. PublicCalls.All.Select(call => call.Operation).Distinct()];
        string[] missing = [.. Operations().Where(operation => !called.Contains(operation) && !s_exempt.ContainsKey(operation))];
        Assert.That(missing, Is.Empty, "add a line to PublicCalls");
    }

    [Test]
    public void Every_family_has_one_call_that_stands_for_it() =>
        Assert.That(PublicCalls.OfEachFamily.Select(call => call.Family), Is.EqualTo(PublicCalls.All.Select(call => call.Family).Distinct()));

    [Test]
    public void Names_are_those_of_operations_each_form_once()
    {
        Assert.That(PublicCalls.All.Concat(PublicCalls.Larger).Select(call => call.Name), Is.Unique);
        Assert.That(PublicCalls.All.Concat(PublicCalls.Larger).Select(call => call.Operation), Is.All.AnyOf([.. Operations()]));
    }

    /// <summary>Type and method of everything public that takes execution or training options.</summary>
    private static IEnumerable<string> Operations() => typeof(ComputeDevice).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => !method.IsSpecialName && method.GetBaseDefinition() == method && !method.Name.StartsWith('<') && method.GetParameters().Any(TakesOptions) && !IsOptions(method.DeclaringType))
        .Select(method => $"{method.DeclaringType!.Name.Split('`')[0]}.{method.Name}")
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static bool TakesOptions(ParameterInfo parameter) => IsOptions(parameter.ParameterType);

    private static bool IsOptions(Type? type) => type is not null && (type == typeof(ExecutionOptions) || type == typeof(TrainingOptions) || IsOptions(type.BaseType));
}
