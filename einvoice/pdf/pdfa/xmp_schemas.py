"""The schemas and structures of the XMP Specification of September 2005, and those of PDF/A.

One row per namespace and type: `Type: name name ...`. A choice stands as the type of its values.
"""

from __future__ import annotations

from functools import cache

from einvoice.pdf.pdfa.xmp_types import Fields

EXIF = "http://ns.adobe.com/exif/1.0/"
MEDIA = "http://ns.adobe.com/xmp/1.0/DynamicMedia/"
PDFA_ID = "http://www.aiim.org/pdfa/ns/id/"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"

SCHEMAS: dict[str, str] = {
    "http://purl.org/dc/elements/1.1/": """
        bag ProperName: contributor publisher
        seq ProperName: creator
        seq Date: date
        Lang Alt: description rights title
        MIMEType: format
        Text: coverage identifier source
        bag Locale: language
        bag Text: relation subject type
    """,
    "http://ns.adobe.com/xap/1.0/": """
        bag XPath: Advisory
        URL: BaseURL
        Date: CreateDate MetadataDate ModifyDate
        AgentName: CreatorTool
        bag Text: Identifier
        Text: Label Nickname
        Real: Rating
        alt Thumbnail: Thumbnails
    """,
    "http://ns.adobe.com/xap/1.0/rights/": """
        URL: Certificate WebStatement
        Boolean: Marked
        bag ProperName: Owner
        Lang Alt: UsageTerms
    """,
    "http://ns.adobe.com/xap/1.0/mm/": """
        ResourceRef: DerivedFrom ManagedFrom RenditionOf
        URI: DocumentID InstanceID ManageTo ManageUI
        seq ResourceEvent: History
        AgentName: Manager
        Text: ManagerVariant RenditionParams VersionID
        RenditionClass: RenditionClass
        seq Version: Versions
        URL: LastURL
        Integer: SaveID
    """,
    "http://ns.adobe.com/xap/1.0/bj/": "bag Job: JobRef",
    "http://ns.adobe.com/xap/1.0/t/pg/": """
        Dimensions: MaxPageSize
        Integer: NPages
        bag Font: Fonts
        seq Colorant: Colorants
        seq Text: PlateNames
    """,
    MEDIA: """
        ProjectLink: projectRef
        Dimensions: videoFrameSize
        Colorant: videoAlphaPremultipleColor
        Boolean: videoAlphaUnityIsTransparent loop
        Text: videoFrameRate videoPixelDepth videoColorSpace videoAlphaMode videoCompressor
        Text: videoFieldOrder pullDown audioSampleType audioChannelType audioCompressor
        Text: speakerPlacement tapeName altTapeName scene shotName shotLocation logComment artist
        Text: album genre copyright composer engineer instrument key stretchMode timeSignature
        Text: scaleType
        Integer: audioSampleRate trackNumber
        Rational: videoPixelAspectRatio fileDataRate
        Timecode: startTimecode altTimecode
        Time: duration introTime outCue relativeTimestamp
        Date: shotDate videoModDate audioModDate metadataModDate releaseDate
        seq Marker: markers
        bag Media: contributedMedia
        URI: absPeakAudioFilePath relativePeakAudioFilePath
        Real: tempo numberOfBeats
        timeScaleStretch: timeScaleParams
        resampleStretch: resampleParams
        beatSpliceStretch: beatSpliceParams
    """,
    "http://ns.adobe.com/pdf/1.3/": """
        Text: Keywords PDFVersion
        AgentName: Producer
    """,
    "http://ns.adobe.com/photoshop/1.0/": """
        Text: AuthorsPosition Category City Country Credit Headline Instructions Source State
        Text: TransmissionReference
        ProperName: CaptionWriter
        Date: DateCreated
        bag Text: SupplementalCategories
        Integer: Urgency
    """,
    "http://ns.adobe.com/camera-raw-settings/1.0/": """
        Boolean: AutoBrightness AutoContrast AutoExposure AutoShadows HasCrop HasSettings
        Integer: BlueHue BlueSaturation Brightness ChromaticAberrationB ChromaticAberrationR
        Integer: ColorNoiseReduction Contrast CropUnits GreenHue GreenSaturation
        Integer: LuminanceSmoothing RedHue RedSaturation Saturation Shadows ShadowTint Sharpness
        Integer: Temperature Tint VignetteAmount VignetteMidpoint
        Real: CropTop CropLeft CropBottom CropRight CropAngle CropWidth CropHeight Exposure
        Text: CameraProfile RawFileName ToneCurveName Version WhiteBalance
        seq Text: ToneCurve
    """,
    "http://ns.adobe.com/tiff/1.0/": """
        Integer: ImageWidth ImageLength Compression PhotometricInterpretation Orientation
        Integer: SamplesPerPixel PlanarConfiguration YCbCrPositioning ResolutionUnit
        seq Integer: BitsPerSample YCbCrSubSampling TransferFunction
        Rational: XResolution YResolution
        seq Rational: WhitePoint PrimaryChromaticities YCbCrCoefficients ReferenceBlackWhite
        Date: DateTime
        Lang Alt: ImageDescription Copyright
        ProperName: Make Model Artist
        AgentName: Software
    """,
    EXIF: """
        Text: ExifVersion FlashpixVersion RelatedSoundFile SpectralSensitivity ImageUniqueID
        Text: GPSVersionID GPSSatellites GPSStatus GPSMeasureMode GPSSpeedRef GPSTrackRef
        Text: GPSImgDirectionRef GPSMapDatum GPSDestBearingRef GPSDestDistanceRef
        Text: GPSProcessingMethod GPSAreaInformation
        Integer: ColorSpace PixelXDimension PixelYDimension ExposureProgram MeteringMode
        Integer: LightSource FocalPlaneResolutionUnit SensingMethod FileSource SceneType
        Integer: CustomRendered ExposureMode WhiteBalance FocalLengthIn35mmFilm SceneCaptureType
        Integer: GainControl Contrast Saturation Sharpness SubjectDistanceRange GPSAltitudeRef
        Integer: GPSDifferential
        seq Integer: ComponentsConfiguration ISOSpeedRatings SubjectArea SubjectLocation
        Rational: CompressedBitsPerPixel ExposureTime FNumber ShutterSpeedValue ApertureValue
        Rational: BrightnessValue ExposureBiasValue MaxApertureValue SubjectDistance FocalLength
        Rational: FlashEnergy FocalPlaneXResolution FocalPlaneYResolution ExposureIndex
        Rational: DigitalZoomRatio GPSAltitude GPSDOP GPSSpeed GPSTrack GPSImgDirection
        Rational: GPSDestBearing GPSDestDistance
        Lang Alt: UserComment
        Date: DateTimeOriginal DateTimeDigitized GPSTimeStamp
        OECF/SFR: OECF SpatialFrequencyResponse
        Flash: Flash
        CFAPattern: CFAPattern
        DeviceSettings: DeviceSettingDescription
        GPSCoordinate: GPSLatitude GPSLongitude GPSDestLatitude GPSDestLongitude
    """,
    "http://ns.adobe.com/exif/1.0/aux/": "Text: Lens SerialNumber",
    PDFA_ID: """
        Integer: part
        Text: amd corr conformance
    """,
}

#: Name, namespace of the fields, and fields. A few fields of later editions are among them:
#: programs write them and no reader stumbles over them.
STRUCTURES: tuple[tuple[str, str, str], ...] = (
    ("Dimensions", "http://ns.adobe.com/xap/1.0/sType/Dimensions#", "Real: w h\nText: unit"),
    (
        "Thumbnail",
        "http://ns.adobe.com/xap/1.0/g/img/",
        "Integer: height width\nText: format image",
    ),
    (
        "ResourceEvent",
        "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
        "Text: action parameters changed\nURI: instanceID\nAgentName: softwareAgent\nDate: when",
    ),
    (
        "ResourceRef",
        "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
        "URI: instanceID documentID manageTo manageUI originalDocumentID\n"
        "Text: versionID renditionParams managerVariant filePath fromPart toPart maskMarkers\n"
        "RenditionClass: renditionClass\nAgentName: manager\nDate: lastModifyDate",
    ),
    (
        "Version",
        "http://ns.adobe.com/xap/1.0/sType/Version#",
        "Text: comments version\nResourceEvent: event\nDate: modifyDate\nProperName: modifier",
    ),
    ("Job", "http://ns.adobe.com/xap/1.0/sType/Job#", "Text: name id\nURL: url"),
    (
        "Font",
        "http://ns.adobe.com/xap/1.0/sType/Font#",
        "Text: fontName fontFamily fontFace fontType versionString fontFileName\n"
        "Boolean: composite\nseq Text: childFontFiles",
    ),
    (
        "Colorant",
        "http://ns.adobe.com/xap/1.0/g/",
        "Text: swatchName mode type\nReal: cyan magenta yellow black L tint\n"
        "Integer: red green blue A B",
    ),
    ("OECF/SFR", EXIF, "Integer: Columns Rows\nseq Text: Names\nseq Rational: Values"),
    ("CFAPattern", EXIF, "Integer: Columns Rows\nseq Integer: Values"),
    ("DeviceSettings", EXIF, "Integer: Columns Rows\nseq Text: Settings"),
    ("Flash", EXIF, "Boolean: Fired Function RedEyeMode\nInteger: Return Mode"),
    ("ProjectLink", MEDIA, "Text: type\nURI: path"),
    ("Timecode", MEDIA, "Text: timeFormat timeValue"),
    ("Time", MEDIA, "Rational: scale\nInteger: value"),
    ("Marker", MEDIA, "Time: startTime duration\nText: comment name target type\nURI: location"),
    (
        "Media",
        MEDIA,
        "URI: path webStatement\nText: track\nTime: startTime duration\nBoolean: managed",
    ),
    ("timeScaleStretch", MEDIA, "Text: quality\nReal: frameSize frameOverlappingPercentage"),
    ("resampleStretch", MEDIA, "Text: quality"),
    (
        "beatSpliceStretch",
        MEDIA,
        "Real: riseInDecibel\nTime: riseInTimeDuration\nBoolean: useFileBeatsMarker",
    ),
)


@cache
def predefined_properties() -> dict[tuple[str, str], str]:
    """The type of each property that needs no extension schema."""
    found: dict[tuple[str, str], str] = {}
    for namespace, rows in SCHEMAS.items():
        found.update(_fields(namespace, rows))
    return found


@cache
def predefined_structures() -> dict[str, Fields]:
    """The fields of each structure, by its name in lower case."""
    return {name.lower(): _fields(namespace, rows) for name, namespace, rows in STRUCTURES}


def _fields(namespace: str, rows: str) -> dict[tuple[str, str], str]:
    found = {}
    for row in filter(None, map(str.strip, rows.splitlines())):
        kind, _, names = row.partition(": ")
        found.update({(namespace, name): kind for name in names.split()})
    return found
