using System.Reflection;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The pages tell every option: a table names each property of each public type of options, with the default that the type has.</summary>
[TestFixture]
internal sealed class OptionTests
{
    private static readonly Type[] Options =
    [
        .. new[] { typeof(ComputeDevice).Assembly, typeof(WarpingWindow).Assembly }.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => NameOf(type).EndsWith("Options", StringComparison.Ordinal)).OrderBy(NameOf, StringComparer.Ordinal)
            .Select(type => type.IsGenericTypeDefinition ? type.MakeGenericType(typeof(double)) : type),
    ];

    private IReadOnlyList<OptionRow> _rows = null!;

    [SetUp]
    public void ReadRows() => _rows = OptionRow.All(Repository.Require());

    [Test]
    public void There_are_types_of_options() => Assert.That(Options, Has.Length.GreaterThan(50));

    [TestCaseSource(nameof(Options))]
    public void Every_option_stands_in_a_table_with_its_default(Type type)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (PropertyInfo option in ToTell(type))
            {
                OptionRow? row = _rows.FirstOrDefault(row => row.Tells(NameOf(type), option.Name));
                Assert.That(row, Is.Not.Null, $"no table of {NameOf(type)} has a row of {option.Name}");
                if (row is null || Instance(type) is not { } defaults) continue;
                object? value = option.GetValue(defaults);
                Assert.That(row.States(value), $"{NameOf(type)}.{option.Name} is {value ?? "null"}, and {row} says '{row.Default}'");
            }
        }
    }

    [Test]
    public void Every_row_is_of_an_option()
    {
        HashSet<string> there = [.. from type in Options from option in type.GetProperties() select $"{NameOf(type)}.{option.Name}"];
        using (Assert.EnterMultipleScope())
        {
            foreach (OptionRow row in _rows)
            {
                foreach (string name in row.Names) Assert.That(there.Contains(name) || row.Types.Any(type => there.Contains($"{type}.{name}")), $"{row}: there is no {name}");
            }
        }
    }

    /// <summary>The options that a type declares, and those that it inherits with another default.</summary>
    private static IEnumerable<PropertyInfo> ToTell(Type type)
    {
        Type parent = type.BaseType!;
        while (parent.IsAbstract) parent = parent.BaseType!;
        object? own = Instance(type), inherited = Activator.CreateInstance(parent);
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(option =>
            option.DeclaringType == type || (own is not null && option.DeclaringType!.IsInstanceOfType(inherited) && !SameDefault(option, own, inherited!)));
    }

    private static bool SameDefault(PropertyInfo option, object one, object other) =>
        option.GetValue(one) is System.Collections.IEnumerable and not string || Equals(option.GetValue(one), option.GetValue(other));

    /// <summary>The defaults of a type; null of an abstract one.</summary>
    private static object? Instance(Type type) => type.IsAbstract ? null : Activator.CreateInstance(type);

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
