using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FusionKernels.Tests.Docs;
using NUnit.Framework;

namespace FusionKernels.Tests.Packages;

/// <summary>Opens the packages and looks at what their users get. .ci/packages.sh makes them and says where by <c>FUSIONKERNELS_PACKAGES</c>.</summary>
[TestFixture("FusionKernels.Kernels", "lib/net10.0/")]
[TestFixture("FusionKernels", "lib/net10.0/")]
[TestFixture("FusionKernels.Cli", "tools/net10.0/any/")]
[Category("Slow")]
public sealed partial class PackageTests(string name, string folder)
{
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE"), s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private ZipArchive _package = null!;
    private ZipArchive? _symbols;
    private XElement _nuspec = null!;

    private bool IsTool => folder.StartsWith("tools", StringComparison.Ordinal);

    [OneTimeSetUp]
    public void Open()
    {
        const string Variable = "FUSIONKERNELS_PACKAGES";
        string? named = Environment.GetEnvironmentVariable(Variable);
        string packages = named ?? Path.Combine(Repository.Require(), "artifacts", "packages");
        string[] found = Directory.Exists(packages) ? Directory.GetFiles(packages, "*.nupkg") : [];
        string message = $"there are no packages in {packages}: run .ci/packages.sh";
        if (named is not null) Assert.That(found, Is.Not.Empty, message);
        if (found.Length == 0) TestContext.Progress.WriteLine($"{nameof(PackageTests)} did not run: {message}");
        Assume.That(found, Is.Not.Empty, message);
        string path = found.Single(file => Regex.IsMatch(Path.GetFileName(file), $@"^{Regex.Escape(name)}\.\d+\.\d+\.\d+.*\.nupkg$"));
        _package = ZipFile.OpenRead(path);
        string symbols = Path.ChangeExtension(path, ".snupkg");
        if (File.Exists(symbols)) _symbols = ZipFile.OpenRead(symbols);
        _nuspec = XDocument.Load(new MemoryStream(Bytes(_package, $"{name}.nuspec"))).Root!.Elements().Single();
    }

    [OneTimeTearDown]
    public void Close()
    {
        _package?.Dispose();
        _symbols?.Dispose();
    }

    [Test]
    public void It_says_what_it_is()
    {
        Assert.That(Of("id"), Is.EqualTo(name));
        Assert.That(Of("version"), Does.Match(SemanticVersion()));
        Assert.That(Of("version"), Is.EqualTo(XDocument.Load(Path.Combine(Repository.Require(), "cmake-free-build.props")).Descendants("Version").Single().Value), "one place for versions");
        Assert.That(Of("license"), Is.EqualTo("MIT"));
        Assert.That(Of("readme"), Is.EqualTo("README.md"));
        Assert.That(Of("description").Length + Of("tags").Length, Is.GreaterThan(50));
        XElement repository = Element("repository");
        Assert.That(repository.Attribute("type")?.Value, Is.EqualTo("git"));
        Assert.That(repository.Attribute("commit")?.Value, Does.Match("^[0-9a-f]{40}$"));
        Assert.That(repository.Attribute("url")?.Value ?? "https://", Does.StartWith("https://"), "an address for others, not of this machine");
    }

    [Test]
    public void Readme_and_licence_are_those_of_the_repository()
    {
        foreach (string file in (string[])["README.md", "LICENSE"])
        {
            Assert.That(Bytes(_package, file), Is.EqualTo(File.ReadAllBytes(Path.Combine(Repository.Require(), file))), file);
        }
    }

    [Test]
    public void Dependencies_are_packages_of_its_own_version_or_of_fixed_ones()
    {
        foreach (XElement dependency in _nuspec.Descendants().Where(element => element.Name.LocalName == "dependency"))
        {
            string id = dependency.Attribute("id")!.Value, version = dependency.Attribute("version")!.Value;
            Assert.That(version, id.StartsWith("FusionKernels", StringComparison.Ordinal) ? Is.EqualTo(Of("version")) : Does.Match(SemanticVersion()), id);
            Assert.That(id, Does.Not.Contain("Analyzers"));
        }

        if (IsTool) Assert.That(Encoding.UTF8.GetString(Bytes(_package, "tools/net10.0/any/DotnetToolSettings.xml")), Does.Contain("Command Name=\"fusionkernels\""));
    }

    [Test]
    public void Public_members_are_documented()
    {
        Assume.That(IsTool, Is.False, "a tool has no public members");
        string[] documented = [.. XDocument.Load(new MemoryStream(Bytes(_package, $"{folder}{name}.xml"))).Descendants("member").Select(member => member.Attribute("name")!.Value)];
        using PEReader assembly = Assembly();
        MetadataReader reader = assembly.GetMetadataReader();
        string[] types =
        [
            .. reader.TypeDefinitions.Select(reader.GetTypeDefinition)
                .Where(type => (type.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public)
                .Select(type => $"T:{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"),
        ];
        Assert.That(types, Is.Not.Empty);
        Assert.That(types.Except(documented), Is.Empty);
    }

    [Test]
    public void Assemblies_are_deterministic_and_say_the_commit()
    {
        using PEReader assembly = Assembly();
        Assert.That(assembly.ReadDebugDirectory().Select(entry => entry.Type), Does.Contain(DebugDirectoryEntryType.Reproducible));
        byte[] image = Bytes(_package, $"{folder}{name}.dll");
        string informational = $"{Of("version")}+{Element("repository").Attribute("commit")!.Value}";
        Assert.That(image.AsSpan().IndexOf(Encoding.UTF8.GetBytes(informational)), Is.Positive, informational);
    }

    [Test]
    public void Symbols_belong_to_the_assembly_and_lead_to_the_sources()
    {
        using PEReader assembly = Assembly();
        // A tool brings its symbols along, or has them beside it; a library has them beside it.
        string entry = $"{folder}{name}.pdb";
        ZipArchive? holder = IsTool && _symbols?.GetEntry(entry) is null ? _package : _symbols;
        Assert.That(holder, Is.Not.Null, "there is no package of symbols");
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(holder!, entry)));
        MetadataReader reader = provider.GetMetadataReader();
        Guid expected = assembly.ReadCodeViewDebugDirectoryData(assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid;
        Assert.That(new BlobContentId(reader.DebugMetadataHeader!.Id).Guid, Is.EqualTo(expected));

        string link = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == s_sourceLink)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value))).SingleOrDefault("");
        string commit = Element("repository").Attribute("commit")!.Value;
        if (link.Length > 0) Assert.That(link, Does.Contain("https://").And.Contain(commit));
        foreach (DocumentHandle handle in reader.Documents)
        {
            string document = reader.GetString(reader.GetDocument(handle).Name);
            Assert.That(document, Does.StartWith("/_").Or.Not.StartsWith("/"), "no path of the machine that built it");
            bool isEmbedded = reader.GetCustomDebugInformation(handle).Any(one => reader.GetGuid(reader.GetCustomDebugInformation(one).Kind) == s_embeddedSource);
            Assert.That(isEmbedded || link.Length > 0, $"{document} is neither in the symbols nor behind their source link");
        }
    }

    private PEReader Assembly() => new(new MemoryStream(Bytes(_package, $"{folder}{name}.dll")));

    private XElement Element(string called) => _nuspec.Elements().Single(element => element.Name.LocalName == called);

    private string Of(string called) => Element(called).Value;

    private static byte[] Bytes(ZipArchive archive, string entry)
    {
        using Stream stream = (archive.GetEntry(entry) ?? throw new AssertionException($"there is no {entry}")).Open();
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex SemanticVersion();
}
